package io.lifeline.itests.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A configuration file of a component, in which every key stands commented out.
 *
 * @param pid the component's, and the file's name without {@code .cfg}
 * @param keys in the file's order
 */
public record EtcFile(String pid, List<String> keys) {

  private static final Pattern KEY = Pattern.compile("^#? ?([a-z][a-z0-9.]*) ?= ?.*$");

  public EtcFile {
    keys = List.copyOf(keys);
  }

  /** Every file of ours in a folder. */
  public static List<EtcFile> in(Path etc) {
    try (Stream<Path> files = Files.list(etc)) {
      List<Path> ours =
          files
              .filter(file -> file.getFileName().toString().matches("io\\.lifeline\\..*\\.cfg"))
              .sorted()
              .toList();
      List<EtcFile> read = new ArrayList<>();
      for (Path file : ours) {
        read.add(read(file));
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException("the configuration in " + etc + " cannot be read", e);
    }
  }

  private static EtcFile read(Path file) throws IOException {
    List<String> keys = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      Matcher matcher = KEY.matcher(line);
      if (matcher.matches()) {
        keys.add(matcher.group(1));
      }
    }
    return new EtcFile(file.getFileName().toString().replaceFirst("\\.cfg$", ""), keys);
  }
}

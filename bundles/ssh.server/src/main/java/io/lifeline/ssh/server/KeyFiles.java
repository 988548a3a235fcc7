package io.lifeline.ssh.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines of key files, read again when a file has changed: an edited {@code authorized_keys}, or a
 * mounted Secret, whose file is a link to a new one then. Any thread.
 *
 * <p>A line that cannot be understood is left out and told once for each change: half of a rule is
 * no rule. A file that cannot be read lets nobody in.
 *
 * @param <T> what a line becomes
 */
final class KeyFiles<T> {

  private static final Logger LOG = LoggerFactory.getLogger(KeyFiles.class);
  private static final long MOST_BYTES = 1 << 20;

  /** What tells one content from another. */
  private record Stamp(String modified, long size, String key) {}

  private record Content<T>(Stamp stamp, List<T> lines) {}

  private final List<Path> files;
  private final Function<String, T> parser;
  private final Map<Path, Content<T>> known = new HashMap<>();
  private final Map<Path, String> unreadable = new HashMap<>();

  /**
   * @param parser throws IllegalArgumentException, whose message says what is wrong with a line
   */
  KeyFiles(List<Path> files, Function<String, T> parser) {
    this.files = List.copyOf(files);
    this.parser = parser;
  }

  synchronized List<T> lines() {
    List<T> all = new ArrayList<>();
    for (Path file : files) {
      read(file).ifPresent(content -> all.addAll(content.lines()));
    }
    return all;
  }

  private Optional<Content<T>> read(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      Stamp stamp =
          new Stamp(
              now.lastModifiedTime().toString(), now.size(), Objects.toString(now.fileKey(), ""));
      Content<T> content = known.get(file);
      if (content == null || !content.stamp().equals(stamp)) {
        if (now.size() > MOST_BYTES) {
          throw new IOException("it is larger than 1 MiB");
        }
        content = new Content<>(stamp, parse(file));
        known.put(file, content);
        LOG.info("{} has {} usable lines", file, content.lines().size());
      }
      unreadable.remove(file);
      return Optional.of(content);
    } catch (IOException e) {
      known.remove(file);
      String why = e instanceof NoSuchFileException ? "it is not there" : e.toString();
      if (!why.equals(unreadable.put(file, why))) {
        LOG.warn("{} cannot be read, so nobody comes in by it: {}", file, why);
      }
      return Optional.empty();
    }
  }

  private List<T> parse(Path file) throws IOException {
    List<T> parsed = new ArrayList<>();
    int number = 0;
    for (String line : Files.readString(file, StandardCharsets.UTF_8).lines().toList()) {
      number++;
      if (line.isBlank() || line.strip().startsWith("#")) {
        continue;
      }
      try {
        parsed.add(parser.apply(line.strip()));
      } catch (IllegalArgumentException e) {
        LOG.warn("Line {} of {} is not used: {}", number, file, e.getMessage());
      }
    }
    return List.copyOf(parsed);
  }
}

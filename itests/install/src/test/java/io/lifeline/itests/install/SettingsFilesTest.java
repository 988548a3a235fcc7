package io.lifeline.itests.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code etc/io.lifeline.*.cfg} has every key that the code reads, with its default and a text. */
class SettingsFilesTest {

  /** {@code settings.number("port", 8443, …)}: the key and, where it is a literal, the default. */
  private static final Pattern READ =
      Pattern.compile(
          "\\bsettings\\s*\\.\\s*(?:text|optional|path|list|duration|number|flag|choice)\\(\\s*"
              + "\"([a-z.]+)\"(?:,\\s*(?:\"([^\"]*)\"|([0-9][0-9_]*|true|false)))?");

  private static final Pattern NAMED = Pattern.compile("String key = \"([a-z.]+)\"");

  private static final Pattern KEY = Pattern.compile("# ?([a-z][a-z.]*) ?= ?(.*)");

  /** The bundles whose code reads settings. */
  static List<String> bundles() {
    return Project.files(Project.HOME.resolve("bundles"), "").stream()
        .filter(bundle -> Files.isDirectory(bundle.resolve("src/main/java")))
        .filter(bundle -> !read(bundle).isEmpty())
        .map(bundle -> bundle.getFileName().toString())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void theFileHasTheKeysOfTheCode(String bundle) {
    Path folder = Project.HOME.resolve("bundles").resolve(bundle);
    assertThat(written(bundle).keySet())
        .as("etc/io.lifeline.%s.cfg", bundle)
        .containsExactlyInAnyOrderElementsOf(read(folder).keySet());
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void theFileTellsTheDefaultsOfTheCode(String bundle) {
    Map<String, String> written = written(bundle);
    read(Project.HOME.resolve("bundles").resolve(bundle))
        .forEach(
            (key, fallback) ->
                // A literal may go on on the next line of the code.
                assertThat(written.get(key))
                    .as("%s of etc/io.lifeline.%s.cfg", key, bundle)
                    .startsWith(fallback));
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void everyKeyIsExplained(String bundle) {
    for (String paragraph : text(bundle).split("\n\\s*\n")) {
      List<String> lines = paragraph.lines().toList();
      if (lines.stream().anyMatch(line -> KEY.matcher(line).matches())) {
        assertThat(
                lines.stream()
                    .filter(line -> !KEY.matcher(line).matches())
                    .collect(Collectors.joining()))
            .as("the text beside\n%s", paragraph)
            .hasSizeGreaterThan(30);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void theFileTellsItsVariablesAndWhatAChangeDoes(String bundle) {
    String head = text(bundle).split("\n\\s*\n")[0].replaceAll("\n# ?", " ");
    assertThat(head)
        .contains("LIFELINE_" + bundle.toUpperCase(Locale.ROOT).replace('.', '_') + "_")
        .contains("A change ");
  }

  private static String text(String bundle) {
    return Project.text(Project.HOME.resolve("etc/io.lifeline." + bundle + ".cfg"));
  }

  private static Map<String, String> written(String bundle) {
    Map<String, String> keys = new LinkedHashMap<>();
    text(bundle)
        .lines()
        .map(KEY::matcher)
        .filter(Matcher::matches)
        .forEach(line -> keys.put(line.group(1), line.group(2)));
    return keys;
  }

  /** The keys that a bundle reads, with the default where the code has a literal, else "". */
  private static Map<String, String> read(Path bundle) {
    Map<String, String> keys = new TreeMap<>();
    for (String code : sources(bundle.resolve("src/main/java"))) {
      if (!code.contains("import io.lifeline.config.Settings;")) {
        continue;
      }
      NAMED.matcher(code).results().forEach(match -> keys.put(match.group(1), ""));
      READ.matcher(code)
          .results()
          .forEach(
              match -> {
                String text = match.group(2) == null ? match.group(3) : match.group(2);
                keys.put(match.group(1), text == null ? "" : text.replace("_", ""));
              });
    }
    return keys;
  }

  private static List<String> sources(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).map(Project::text).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

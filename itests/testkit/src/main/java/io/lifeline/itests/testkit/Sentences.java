package io.lifeline.itests.testkit;

import java.util.Locale;

/** Reads a test's name as the sentence that it is. */
public final class Sentences {

  private Sentences() {}

  /** {@code aStalledReaderStopsTheProcess()} is "a stalled reader stops the process". */
  public static String of(String method) {
    String name = method.replaceAll("\\(.*?\\)", "").strip();
    if (name.contains(" ")) {
      return name;
    }
    return name.replaceAll("([a-z0-9])([A-Z])", "$1 $2")
        .replaceAll("([A-Z])([A-Z][a-z])", "$1 $2")
        .toLowerCase(Locale.ROOT);
  }
}

package io.lifeline.runtime.oci.tool;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An OCI runtime that is on the worker.
 *
 * @param path the worker's path of it
 * @param version what it said of itself, for instance {@code 1.1.5+ds1}
 */
public record Tool(String path, String version) {

  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+).*");

  /** The last part of its path, for instance {@code runc}. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** crun before 1.9 refuses to work where the unified hierarchy stands beside the old ones. */
  boolean refusesHybridCgroups() {
    Matcher numbers = NUMBERS.matcher(version);
    return name().equals("crun")
        && numbers.matches()
        && Integer.parseInt(numbers.group(1)) == 1
        && Integer.parseInt(numbers.group(2)) < 9;
  }

  /** For people: {@code runc 1.1.5 (/usr/sbin/runc)}. */
  @Override
  public String toString() {
    return "%s %s (%s)".formatted(name(), version, path);
  }
}

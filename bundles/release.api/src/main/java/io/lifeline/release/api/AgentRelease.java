package io.lifeline.release.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One release of the agent, by the checksums of its files.
 *
 * @param version the version of its bundles
 * @param checksums the text of its {@code SHA256SUMS}, as {@code sha256sum} writes it
 * @param files the SHA-256 of each file, in hexadecimal, by its name; sorted
 */
public record AgentRelease(String version, String checksums, Map<String, String> files) {

  /** The name of the file with the checksums. */
  public static final String CHECKSUMS = "SHA256SUMS";

  /** What a version may be; nothing in it leads out of a folder. */
  public static final String VERSION = "[0-9]+\\.[0-9]+\\.[0-9]+(\\.[0-9A-Za-z_-]+)?";

  /** The most files a release has. */
  public static final int MOST_FILES = 64;

  private static final Pattern VERSIONS = Pattern.compile(VERSION);
  private static final Pattern LINE =
      Pattern.compile("([0-9a-f]{64}) [ *]([A-Za-z0-9][A-Za-z0-9._-]{0,127})");

  public AgentRelease {
    files = Collections.unmodifiableMap(new TreeMap<>(files));
  }

  /**
   * Reads a {@code SHA256SUMS}.
   *
   * @throws IllegalArgumentException when it is none; the message tells the line
   */
  public static AgentRelease parse(String version, String checksums) {
    if (!isVersion(version)) {
      throw new IllegalArgumentException(
          "'%s' is no version: it is for instance 0.2.0".formatted(version));
    }
    return new AgentRelease(version, checksums, sums(checksums));
  }

  /**
   * The SHA-256 of each file that a {@code SHA256SUMS} names, by its name; sorted.
   *
   * @throws IllegalArgumentException when it is none; the message tells the line
   */
  public static Map<String, String> sums(String checksums) {
    Map<String, String> files = new TreeMap<>();
    for (String line : checksums.split("\n")) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches() || files.put(matcher.group(2), matcher.group(1)) != null) {
        throw new IllegalArgumentException(
            "'%.100s' is no line of a %s, or its file is named twice".formatted(line, CHECKSUMS));
      }
      if (files.size() > MOST_FILES) {
        throw new IllegalArgumentException(
            "%s names more than %d files".formatted(CHECKSUMS, MOST_FILES));
      }
    }
    return files;
  }

  /** The release of these files; the same files give the same bytes. */
  public static AgentRelease of(String version, Map<String, String> files) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(files)
        .forEach((name, sum) -> text.append(sum).append("  ").append(name).append('\n'));
    return parse(version, text.toString());
  }

  /** Whether a text is a version. */
  public static boolean isVersion(String text) {
    return text.length() <= 63 && VERSIONS.matcher(text).matches();
  }

  /** The SHA-256 of the checksums: who knows it can check every file of the release. */
  public String pin() {
    return sha256(checksums.getBytes(StandardCharsets.UTF_8));
  }

  /** The SHA-256 of some bytes, in hexadecimal. */
  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /** What makes a SHA-256. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

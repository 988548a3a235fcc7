package io.lifeline.kubelet.server;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Names of files as Linux has them, which are bytes and in no encoding: here a text of which each
 * character is one of the bytes (ISO 8859-1). {@link Path} keeps the bytes, but gives and takes
 * them only by way of a URI; as text it goes through the encoding that the JVM was started with.
 */
final class FileName {

  private static final Path ROOT = Path.of("/");

  private FileName() {}

  /** The bytes of a path, one after the other. */
  static String of(Path path) {
    String text = path.toString();
    if (isAscii(text)) {
      return text;
    }
    String bytes = decoded(ROOT.resolve(path).toUri().getRawPath());
    // A URI is absolute, and that of a directory ends with a slash.
    int end = bytes.endsWith("/") ? bytes.length() - 1 : bytes.length();
    return bytes.substring(path.isAbsolute() ? 0 : 1, end);
  }

  /** The path, relative or absolute, of these bytes. */
  static Path path(String bytes) {
    if (isAscii(bytes)) {
      return Path.of(bytes);
    }
    Path absolute = Path.of(URI.create("file:///" + encoded(bytes, "/")));
    return bytes.startsWith("/") ? absolute : ROOT.relativize(absolute);
  }

  /** The bytes of a text in UTF-8. */
  static String ofText(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** For people: what is no UTF-8 is shown as a mark. */
  static String text(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /**
   * With a percent sign where a byte is neither a letter, nor a digit, nor one of these.
   *
   * @param plain what else stands for itself
   */
  static String encoded(String bytes, String plain) {
    StringBuilder encoded = new StringBuilder();
    for (char one : bytes.toCharArray()) {
      boolean itself =
          (one >= 'a' && one <= 'z')
              || (one >= 'A' && one <= 'Z')
              || (one >= '0' && one <= '9')
              || plain.indexOf(one) >= 0;
      if (itself) {
        encoded.append(one);
      } else {
        encoded.append("%%%02X".formatted((int) one));
      }
    }
    return encoded.toString();
  }

  private static String decoded(String path) {
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '%') {
        bytes.append((char) Integer.parseInt(path.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.append(path.charAt(i));
      }
    }
    return bytes.toString();
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(one -> one < 0x80);
  }
}

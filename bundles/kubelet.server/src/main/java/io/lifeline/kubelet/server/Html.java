package io.lifeline.kubelet.server;

import java.nio.charset.StandardCharsets;

/** Names of files as HTML has them. */
final class Html {

  private static final String PLAIN = "-_.~/@:+,=";

  private Html() {}

  /** A relative link to it. */
  static String link(String name) {
    StringBuilder link = new StringBuilder();
    for (byte one : name.getBytes(StandardCharsets.UTF_8)) {
      char ch = (char) (one & 0xff);
      boolean plain =
          (ch >= 'a' && ch <= 'z')
              || (ch >= 'A' && ch <= 'Z')
              || (ch >= '0' && ch <= '9')
              || PLAIN.indexOf(ch) >= 0;
      if (plain) {
        link.append(ch);
      } else {
        link.append("%%%02X".formatted((int) ch));
      }
    }
    // A colon in the first name would make it a scheme.
    return link.indexOf(":") >= 0 ? "./" + link : link.toString();
  }

  static String text(String name) {
    return name.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }
}

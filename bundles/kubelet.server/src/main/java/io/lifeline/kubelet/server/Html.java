package io.lifeline.kubelet.server;

/** Names of files as HTML has them. */
final class Html {

  private static final String PLAIN = "-_.~/@:+,=";

  private Html() {}

  /** A relative link to a {@link FileName}. */
  static String link(String name) {
    String link = FileName.encoded(name, PLAIN);
    // A colon in the first name would make it a scheme.
    return link.contains(":") ? "./" + link : link;
  }

  static String text(String name) {
    return name.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }
}

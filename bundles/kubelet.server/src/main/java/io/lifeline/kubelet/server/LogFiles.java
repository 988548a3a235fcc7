package io.lifeline.kubelet.server;

import io.lifeline.kubelet.server.LogTree.Directory;
import io.lifeline.kubelet.server.LogTree.Found;
import io.lifeline.kubelet.server.LogTree.LogFile;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The worker's {@code /var/log} as {@code http.FileServer} of Go would serve it. */
final class LogFiles {

  private static final List<String> PACKED =
      List.of(".gz", ".xz", ".zst", ".bz2", ".journal", ".journal~");

  private final LogTree tree;

  LogFiles(LogTree tree) {
    this.tree = tree;
  }

  /**
   * The part of a file that a request wants; empty for all of it. Files have no mark here that
   * {@code If-Range} could mean, so with that one it is all.
   */
  static String range(HttpHeaders headers) {
    String range = headers.get(HttpHeaderNames.RANGE, "");
    return headers.contains(HttpHeaderNames.IF_RANGE) ? "" : range.strip();
  }

  /**
   * Writes what is there.
   *
   * @param path below {@code /var/log}, a {@link FileName}
   * @param range as {@link #range} has it
   */
  void write(String path, String range, BodyWriter out)
      throws IOException, InterruptedException, RefusedException {
    Found found;
    try {
      found = tree.open(path);
    } catch (FileNotFoundException e) {
      throw new RefusedException(
          HttpResponseStatus.NOT_FOUND, "404 page not found: " + e.getMessage());
    }
    if (found instanceof LogFile file) {
      try (file) {
        write(file, type(path), range, out);
      }
    } else if (found instanceof Directory directory) {
      out.begin("text/html; charset=utf-8");
      out.write(text(listing(path, directory)));
    }
  }

  private static void write(LogFile file, String type, String range, BodyWriter out)
      throws IOException, InterruptedException {
    FileLines lines = new FileLines(file.channel(), out);
    ByteRange wanted = ByteRange.of(range, lines.size());
    if (wanted instanceof ByteRange.Part part) {
      String content = "%d-%d/%d".formatted(part.first(), part.last(), lines.size());
      out.begin(head(HttpResponseStatus.PARTIAL_CONTENT, type, content));
      lines.write(part);
    } else if (wanted instanceof ByteRange.Beyond) {
      out.begin(
          head(
              HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
              NodeLogs.TEXT,
              "*/" + lines.size()));
      out.write(
          text(
              "the range %s is none of this file, which has %d bytes\n"
                  .formatted(range, lines.size())));
    } else {
      out.begin(
          new BodyWriter.Head(
              HttpResponseStatus.OK, type, Map.of(HttpHeaderNames.ACCEPT_RANGES, ByteRange.UNIT)));
      lines.write();
    }
  }

  private static BodyWriter.Head head(HttpResponseStatus status, String type, String content) {
    return new BodyWriter.Head(
        status,
        type,
        Map.of(
            HttpHeaderNames.ACCEPT_RANGES,
            ByteRange.UNIT,
            HttpHeaderNames.CONTENT_RANGE,
            ByteRange.UNIT + " " + content));
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String type(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    return PACKED.stream().anyMatch(name::endsWith) ? "application/octet-stream" : NodeLogs.TEXT;
  }

  private static String listing(String path, Directory directory) {
    // Without a slash at the end the caller takes the names for neighbours of the directory.
    String before =
        path.isEmpty() || path.endsWith("/") ? "" : path.substring(path.lastIndexOf('/') + 1) + "/";
    StringBuilder page = new StringBuilder("<pre>\n");
    for (String name : directory.names()) {
      page.append("<a href=\"")
          .append(Html.link(before + name))
          .append("\">")
          .append(Html.text(FileName.text(name)))
          .append("</a>\n");
    }
    if (directory.unlisted() > 0) {
      page.append(
          "%d more are left out: a page has %d names. Each file is there under its own, listed or not.\n"
              .formatted(directory.unlisted(), directory.names().size()));
    }
    return page.append("</pre>\n").toString();
  }
}

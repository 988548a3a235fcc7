package io.lifeline.kubelet.streaming;

import io.lifeline.session.api.TerminalSize;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads terminal sizes from a resize stream: JSON objects {@code {"Width":80,"Height":24}} one
 * after another, cut anywhere. Event loop only.
 *
 * <p>An object that makes no sense, or has a size that no terminal has, changes nothing.
 */
final class ResizeParser {

  /** A size takes 35 bytes; what is longer is none. */
  private static final int LONGEST = 256;

  private static final Pattern WIDTH = Pattern.compile("\"Width\"\\s*:\\s*(\\d{1,5})\\b");
  private static final Pattern HEIGHT = Pattern.compile("\"Height\"\\s*:\\s*(\\d{1,5})\\b");

  private final Consumer<TerminalSize> sizes;
  private final StringBuilder object = new StringBuilder(0);

  ResizeParser(Consumer<TerminalSize> sizes) {
    this.sizes = sizes;
  }

  /** Takes all that is readable. */
  void feed(ByteBuf bytes) {
    while (bytes.isReadable()) {
      char c = (char) bytes.readUnsignedByte();
      if (c == '}') {
        complete();
      } else if (c == '{') {
        object.setLength(0);
      } else if (object.length() < LONGEST) {
        object.append(c);
      }
    }
  }

  private void complete() {
    Matcher width = WIDTH.matcher(object);
    Matcher height = HEIGHT.matcher(object);
    if (object.length() < LONGEST && width.find() && height.find()) {
      int columns = Integer.parseInt(width.group(1));
      int rows = Integer.parseInt(height.group(1));
      if (columns > 0 && columns <= 65535 && rows > 0 && rows <= 65535) {
        sizes.accept(new TerminalSize(columns, rows));
      }
    }
    object.setLength(0);
  }
}

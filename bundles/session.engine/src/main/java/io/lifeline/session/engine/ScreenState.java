package io.lifeline.session.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads along what goes to a terminal: whether a full-screen program has the alternate screen,
 * whether a word of ours may be put in here, and what the {@code lifeline} command in the container
 * asks.
 *
 * <p>That command prints {@code ESC ] 7337 ; token ; words BEL} on its terminal, so it works
 * wherever that terminal is, also behind chroot and nsenter. The token is known to the session's
 * own processes alone: a file that is shown cannot ask for anything. The request is taken out of
 * what people see. Everything else is passed on as it is, without a copy. Not for several threads.
 *
 * @see <a href="https://vt100.net/emu/dec_ansi_parser">a parser for DEC's terminals</a>
 */
final class ScreenState {

  /** Where the bytes go. */
  interface Sink {
    void text(ByteBuffer bytes) throws IOException, InterruptedException;

    void command(String words) throws IOException, InterruptedException;
  }

  private static final byte ESC = 0x1b;
  private static final byte BEL = 0x07;
  private static final int MOST_WORDS = 1024;
  private static final int MOST_PARAMETERS = 24;

  private enum Mode {
    GROUND,
    ESCAPE,
    CSI,
    STRING,
    STRING_ESCAPE
  }

  private final byte[] mark;
  private final byte[] words = new byte[MOST_WORDS];
  private final StringBuilder parameters = new StringBuilder(MOST_PARAMETERS);
  private Mode mode = Mode.GROUND;
  private int matched;
  private int withheld;
  private int asked = -1;
  private int continuation;
  private boolean alternate;

  ScreenState(String token) {
    mark = ("\u001b]7337;" + token + ";").getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether a full-screen program is at work. */
  boolean alternate() {
    return alternate;
  }

  /** Whether the terminal is between two characters and not within an escape sequence. */
  boolean quiet() {
    return mode == Mode.GROUND && matched == 0 && asked < 0 && continuation == 0;
  }

  /** Passes on everything but the requests; takes all that remains. */
  void read(ByteBuffer bytes, Sink sink) throws IOException, InterruptedException {
    int begin = bytes.position();
    int end = bytes.limit();
    for (int i = begin; i < end; i++) {
      byte b = bytes.get(i);
      if (asked >= 0) {
        begin = i + 1;
        gather(b, sink);
      } else if (matched > 0 && b == mark[matched]) {
        matched++;
        track(b);
        if (matched == mark.length) {
          pass(bytes, begin, i + 1 - (matched - withheld), sink);
          begin = i + 1;
          asked = 0;
          reset();
          mode = Mode.GROUND;
        }
      } else {
        if (withheld > 0) {
          sink.text(ByteBuffer.wrap(mark, 0, withheld).slice());
        }
        reset();
        if (b == ESC) {
          matched = 1;
          track(b);
        } else if (mode != Mode.GROUND || b < 0) {
          track(b);
        } else {
          continuation = 0;
        }
      }
    }
    // The beginning of a request is not shown until it is known to be none.
    pass(bytes, begin, Math.max(begin, end - (matched - withheld)), sink);
    withheld = matched;
    bytes.position(end);
  }

  private void reset() {
    matched = 0;
    withheld = 0;
  }

  private static void pass(ByteBuffer bytes, int from, int to, Sink sink)
      throws IOException, InterruptedException {
    if (to > from) {
      ByteBuffer piece = bytes.duplicate();
      piece.limit(to).position(from);
      sink.text(piece);
    }
  }

  private void gather(byte b, Sink sink) throws IOException, InterruptedException {
    if (b == BEL) {
      int length = asked;
      asked = -1;
      if (length <= MOST_WORDS) {
        sink.command(new String(words, 0, length, StandardCharsets.UTF_8));
      }
    } else if (asked < MOST_WORDS) {
      words[asked++] = b;
    } else {
      asked = MOST_WORDS + 1;
    }
  }

  private void track(byte b) {
    switch (mode) {
      case GROUND -> {
        if (b == ESC) {
          mode = Mode.ESCAPE;
          continuation = 0;
        } else {
          continuation = utf8(b);
        }
      }
      case ESCAPE -> {
        if (b == '[') {
          mode = Mode.CSI;
          parameters.setLength(0);
        } else if (b == ']' || b == 'P' || b == '_' || b == '^' || b == 'X') {
          mode = Mode.STRING;
        } else if (b < 0x20 || b > 0x2f) {
          // Those between are intermediate: one more byte comes.
          mode = b == ESC ? Mode.ESCAPE : Mode.GROUND;
        }
      }
      case CSI -> {
        if (b >= 0x40 && b <= 0x7e) {
          finished((char) b);
          mode = Mode.GROUND;
        } else if (b == ESC) {
          mode = Mode.ESCAPE;
        } else if (parameters.length() < MOST_PARAMETERS) {
          parameters.append((char) b);
        }
      }
      case STRING -> {
        if (b == BEL || b == 0x18 || b == 0x1a) {
          mode = Mode.GROUND;
        } else if (b == ESC) {
          mode = Mode.STRING_ESCAPE;
        }
      }
      case STRING_ESCAPE -> mode = b == ESC ? Mode.STRING_ESCAPE : Mode.GROUND;
    }
  }

  private int utf8(byte b) {
    int value = b & 0xff;
    if (value >= 0xf0) {
      return 3;
    }
    if (value >= 0xe0) {
      return 2;
    }
    if (value >= 0xc0) {
      return 1;
    }
    return value >= 0x80 ? Math.max(0, continuation - 1) : 0;
  }

  private void finished(char last) {
    if ((last == 'h' || last == 'l') && parameters.length() > 1 && parameters.charAt(0) == '?') {
      for (String one : parameters.substring(1).split(";", -1)) {
        if (Arrays.asList("1049", "1047", "47").contains(one)) {
          alternate = last == 'h';
        }
      }
    }
  }
}

package io.lifeline.session.engine;

import io.lifeline.session.api.SessionEngine.Player;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** Reads what {@link Cast} wrote, one line at a time. */
final class CastReader {

  /** A line that is an event. */
  private record Event(Duration at, char code, byte[] bytes) {}

  private CastReader() {}

  static void play(Path file, Player player) throws IOException, InterruptedException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      boolean known = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Optional<Event> event = event(line);
        if (event.isEmpty()) {
          continue;
        }
        char code = event.get().code();
        if (code == CastText.BYTES || code == 'o' && !known) {
          player.output(event.get().at(), ByteBuffer.wrap(event.get().bytes()));
        }
        known = code == CastText.BYTES || code != 'o' && known;
      }
    }
  }

  /**
   * The header is none, nor is the last line of one that is being written, nor what somebody wrote
   * into the file by hand: the session's own people can.
   */
  private static Optional<Event> event(String line) {
    if (!line.startsWith("[") || !line.endsWith("\"]")) {
      return Optional.empty();
    }
    try {
      int comma = line.indexOf(',');
      char code = line.charAt(comma + 2);
      String text = line.substring(comma + 6, line.length() - 2);
      byte[] bytes = code == CastText.BYTES ? Base64.getDecoder().decode(text) : plain(text);
      return Optional.of(new Event(at(line, comma), code, bytes));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Duration at(String line, int comma) {
    return Duration.ofNanos(Math.round(Double.parseDouble(line.substring(1, comma)) * 1e9));
  }

  private static byte[] plain(String json) {
    StringBuilder text = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char what = json.charAt(++i);
      switch (what) {
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 'u' -> {
          text.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> text.append(what);
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}

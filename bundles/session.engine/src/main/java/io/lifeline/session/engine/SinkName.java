package io.lifeline.session.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a copy is called: the time in the file's first line, and its name, as in {@code
 * 20261122T205801Z-amber-7.cast}. A session's name is used again some day, and the files of the
 * audit log change theirs; what they begin with they keep.
 */
final class SinkName {

  private static final int HEAD = 256;
  private static final Pattern RECORDED = Pattern.compile("\"timestamp\":([0-9]{1,11})\\b");
  private static final Pattern LOGGED = Pattern.compile("\"at\":\"([-0-9T:.]+Z)\"");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIME_OF_LINE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private SinkName() {}

  /** Empty as long as the first line is not there. */
  static Optional<String> of(Path file) throws IOException {
    String head = head(file);
    Matcher recorded = RECORDED.matcher(head);
    if (recorded.find()) {
      Instant begun = Instant.ofEpochSecond(Long.parseLong(recorded.group(1)));
      return Optional.of(TIME.format(begun) + "-" + file.getFileName());
    }
    Matcher logged = LOGGED.matcher(head);
    return logged.find()
        ? Optional.of(TIME_OF_LINE.format(Instant.parse(logged.group(1))) + "-audit.jsonl")
        : Optional.empty();
  }

  private static String head(Path file) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEAD);
    try (SeekableByteChannel from = Files.newByteChannel(file)) {
      while (head.hasRemaining() && from.read(head) >= 0) {
        // Once more.
      }
    }
    return new String(head.array(), 0, head.position(), StandardCharsets.UTF_8);
  }
}

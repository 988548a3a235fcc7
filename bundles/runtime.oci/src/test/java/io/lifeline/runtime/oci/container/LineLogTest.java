package io.lifeline.runtime.oci.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.session.api.LogLine;
import io.lifeline.session.api.LogReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LineLogTest {

  private static final int MOST = 32 * 1024;
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123456789Z");

  private final LineLog log = new LineLog(MOST, Clock.fixed(NOW, ZoneOffset.UTC));

  private void say(String text, boolean error) {
    log.append(ByteBuffer.wrap(text.getBytes(UTF_8)), error);
  }

  private static List<String> lines(LogReader reader) {
    List<String> lines = new ArrayList<>();
    for (Optional<LogLine> line = reader.next(); line.isPresent(); line = reader.next()) {
      lines.add(new String(line.get().bytes(), UTF_8));
    }
    return lines;
  }

  @Property(tries = 200)
  void whatFitsComesOutUnchangedHoweverItCame(
      @ForAll @Size(max = 40) List<@Size(max = 400) byte[]> chunks) {
    LineLog any = new LineLog(64 * 1024, Clock.systemUTC());
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    for (byte[] chunk : chunks) {
      any.append(ByteBuffer.wrap(chunk), false);
      said.writeBytes(chunk);
    }
    any.end();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    LogReader reader = any.reader();
    for (Optional<LogLine> line = reader.next(); line.isPresent(); line = reader.next()) {
      read.writeBytes(line.get().bytes());
    }
    assertThat(read.toByteArray()).isEqualTo(said.toByteArray());
  }

  @Property(tries = 200)
  void theLastLinesAreKeptWholeWhateverTheirLengths(
      @ForAll @Size(min = 1, max = 300) List<@IntRange(max = 2000) Integer> lengths) {
    LineLog any = new LineLog(MOST, Clock.systemUTC());
    List<String> said = new ArrayList<>();
    for (int length : lengths) {
      String line = "x".repeat(length) + said.size() + "\n";
      said.add(line);
      any.append(ByteBuffer.wrap(line.getBytes(UTF_8)), false);
    }
    List<String> kept = lines(any.reader());
    assertThat(kept).isNotEmpty();
    assertThat(said.subList(said.size() - kept.size(), said.size())).isEqualTo(kept);
    int bytes = kept.stream().mapToInt(String::length).sum();
    assertThat(kept.size() == said.size() || bytes + kept.size() * 13 > MOST - 2100).isTrue();
  }

  @Test
  void aLineHasItsTimeAndItsStreamAndStreamsAreNotMixed() {
    say("from st", false);
    say("error\n", true);
    say("dout\n", false);
    LogReader reader = log.reader();
    LogLine first = reader.next().orElseThrow();
    LogLine second = reader.next().orElseThrow();
    assertThat(new String(first.bytes(), UTF_8)).isEqualTo("error\n");
    assertThat(first.stderr()).isTrue();
    assertThat(first.at()).isEqualTo(NOW);
    assertThat(new String(second.bytes(), UTF_8)).isEqualTo("from stdout\n");
    assertThat(second.stderr()).isFalse();
    assertThat(second.begins()).isTrue();
  }

  @Test
  void aVeryLongLineIsKeptInPiecesThatSayThatTheyGoOn() {
    say("y".repeat(LineLog.MOST_LINE + 10) + "\nnext\n", false);
    LogReader reader = log.reader();
    LogLine head = reader.next().orElseThrow();
    LogLine tail = reader.next().orElseThrow();
    LogLine next = reader.next().orElseThrow();
    assertThat(head.bytes()).hasSize(LineLog.MOST_LINE);
    assertThat(head.begins()).isTrue();
    assertThat(new String(tail.bytes(), UTF_8)).isEqualTo("y".repeat(10) + "\n");
    assertThat(tail.begins()).isFalse();
    assertThat(next.begins()).isTrue();
  }

  @Test
  void whatHasNotEndedIsToldApartAndIsALineAtTheEnd() {
    say("one\n# ", false);
    LogReader reader = log.reader();
    assertThat(lines(reader)).containsExactly("one\n");
    assertThat(reader.unfinished())
        .extracting(line -> new String(line.bytes(), UTF_8))
        .containsExactly("# ");
    log.end();
    assertThat(lines(reader)).containsExactly("# ");
    assertThat(reader.unfinished()).isEmpty();
  }

  @Test
  void whatHasNotEndedIsAsOldAsItsLastBytesWheneverItIsRead() {
    MutableClock clock = new MutableClock();
    LineLog aging = new LineLog(MOST, clock);
    aging.append(ByteBuffer.wrap("# ".getBytes(UTF_8)), false);
    clock.now = NOW.plusSeconds(60);
    LogReader reader = aging.reader();
    assertThat(reader.unfinished()).extracting(LogLine::at).containsExactly(NOW);
    aging.end();
    assertThat(reader.next().orElseThrow().at()).isEqualTo(NOW);
  }

  private static final class MutableClock extends Clock {

    private Instant now = NOW;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void whoFollowsWaitsForLinesAndForTheEnd() throws Exception {
    LogReader reader = log.reader();
    CompletableFuture<List<String>> followed =
        CompletableFuture.supplyAsync(
            () -> {
              List<String> all = new ArrayList<>();
              try {
                while (reader.await()) {
                  all.addAll(lines(reader));
                }
              } catch (InterruptedException e) {
                all.add("interrupted");
              }
              return all;
            });
    say("one\n", false);
    say("two\nthr", false);
    log.end();
    assertThat(followed.get(10, TimeUnit.SECONDS)).containsExactly("one\n", "two\n", "thr");
    assertThat(reader.await()).isFalse();
  }

  @Test
  void whoReadsTooSlowlyIsToldWhatHeMissedAndGoesOnWithTheOldest() {
    LogReader slow = log.reader();
    for (int i = 0; i < 10_000; i++) {
      say("line %d\n".formatted(i), false);
    }
    List<String> heard = lines(slow);
    assertThat(heard.get(0)).matches("\\*\\*\\* \\d+ bytes were left out: .*\n");
    assertThat(heard.subList(1, heard.size())).isEqualTo(lines(log.reader()));
    assertThat(heard).endsWith("line 9999\n");
  }
}

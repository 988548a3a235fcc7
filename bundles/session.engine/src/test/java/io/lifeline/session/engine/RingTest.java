package io.lifeline.session.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RingTest {

  private final Ring ring = new Ring();

  private void say(String text) {
    ring.append(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private String since(long moment, int rows) {
    return new String(ring.since(moment, rows, 0), StandardCharsets.UTF_8);
  }

  @Test
  void aScreenfulIsShownAgain() {
    for (int i = 0; i < 100; i++) {
      say("line " + i + "\r\n");
    }
    say("$ ");
    assertThat(since(ring.written(), 3)).isEqualTo("line 97\r\nline 98\r\nline 99\r\n$ ");
  }

  @Test
  void whatNobodyHasSeenIsShownWholeHoweverMuchItIs() {
    say("a\r\nb\r\n");
    long seen = ring.written();
    for (int i = 0; i < 1000; i++) {
      say("line " + i + "\r\n");
    }
    assertThat(since(seen, 1)).startsWith("b\r\nline 0\r\n").endsWith("line 999\r\n");
  }

  @Test
  void whatIsNotKeptIsCounted() {
    say("seen\r\n");
    long seen = ring.written();
    for (int i = 0; i < 2 * Ring.MOST / 10; i++) {
      say("%08d\r\n".formatted(i));
    }
    String shown = since(seen, 24);
    assertThat(shown).startsWith("*** ").contains(" bytes are not kept ***\r\n0");
    assertThat(shown.length()).isLessThanOrEqualTo(Ring.MOST + 60);
    assertThat(shown).endsWith("%08d\r\n".formatted(2 * Ring.MOST / 10 - 1));
  }

  @Test
  void whatAFullScreenProgramLeftIsNotShown() {
    say("garbage of vi\r\n\u001b[?1049l");
    long left = ring.written();
    say("$ ls\r\n");
    assertThat(new String(ring.since(ring.written(), 24, left), StandardCharsets.UTF_8))
        .isEqualTo("$ ls\r\n");
  }

  @Property(tries = 200)
  void theLastIsKeptWhateverItCameIn(
      @ForAll @IntRange(min = 1, max = 70_000) int first,
      @ForAll @IntRange(min = 1, max = 70_000) int second) {
    Ring fresh = new Ring();
    byte[] all = new byte[first + second];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) ('a' + i % 23);
    }
    fresh.append(ByteBuffer.wrap(all, 0, first));
    fresh.append(ByteBuffer.wrap(all, first, second));
    assertThat(fresh.written()).isEqualTo(all.length);
    if (all.length <= Ring.MOST) {
      assertThat(fresh.since(0, 1, 0)).isEqualTo(all);
    }
  }
}

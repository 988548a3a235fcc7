package io.lifeline.session.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ScreenStateTest {

  private static final String TOKEN = "0123456789abcdef";
  private static final String ASK = "\u001b]7337;" + TOKEN + ";";

  private final ScreenState screen = new ScreenState(TOKEN);
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final List<String> asked = new ArrayList<>();

  private final ScreenState.Sink sink =
      new ScreenState.Sink() {
        @Override
        public void text(ByteBuffer bytes) {
          while (bytes.hasRemaining()) {
            shown.write(bytes.get());
          }
        }

        @Override
        public void command(String words) {
          asked.add(words);
        }
      };

  private void read(byte[] bytes, int from, int to) {
    try {
      ByteBuffer piece = ByteBuffer.wrap(bytes, from, to - from);
      screen.read(piece, sink);
      assertThat(piece.hasRemaining()).isFalse();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    read(bytes, 0, bytes.length);
  }

  @Test
  void aRequestIsTakenOutOfWhatIsShown() {
    read("before" + ASK + "join amber-7\u0007after");
    assertThat(asked).containsExactly("join amber-7");
    assertThat(shown).hasToString("beforeafter");
  }

  @Test
  void aRequestIsFoundWhereverItIsCut() {
    String all = "x" + ASK + "say h\u00e9\u0007y";
    byte[] bytes = all.getBytes(StandardCharsets.UTF_8);
    for (int cut = 1; cut < bytes.length; cut++) {
      asked.clear();
      shown.reset();
      read(bytes, 0, cut);
      read(bytes, cut, bytes.length);
      assertThat(asked).containsExactly("say h\u00e9");
      assertThat(shown).hasToString("xy");
    }
  }

  @Test
  void whoDoesNotKnowTheTokenAsksNothing() {
    String forged = "\u001b]7337;0000000000000000;end amber-7\u0007";
    read(forged);
    assertThat(asked).isEmpty();
    assertThat(shown).hasToString(forged);
  }

  @Test
  void aRequestWithoutAnEndIsGivenUp() {
    read(ASK + "x".repeat(5000) + "\u0007done");
    assertThat(asked).isEmpty();
    assertThat(shown).hasToString("done");
  }

  @Provide
  Arbitrary<byte[]> output() {
    Arbitrary<String> pieces =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(20),
            Arbitraries.of(
                "\u001b",
                "\u001b]",
                "\u001b]7337;",
                "\u001b]7337;0123",
                "\u001b[?1049h",
                "\u0007"));
    return pieces
        .list()
        .ofMaxSize(12)
        .map(list -> String.join("", list).getBytes(StandardCharsets.UTF_8));
  }

  @Property
  void whatIsNoRequestComesOutUnchanged(@ForAll("output") byte[] bytes, @ForAll int seed) {
    shown.reset();
    java.util.Random random = new java.util.Random(seed);
    int from = 0;
    while (from < bytes.length) {
      int to = Math.min(bytes.length, from + 1 + random.nextInt(8));
      read(bytes, from, to);
      from = to;
    }
    // What may still become a request is held back.
    read("\u0018.");
    assertThat(new String(shown.toByteArray(), StandardCharsets.ISO_8859_1))
        .isEqualTo(new String(bytes, StandardCharsets.ISO_8859_1) + "\u0018.");
    assertThat(asked).isEmpty();
  }

  @Test
  void aFullScreenProgramIsSeenToComeAndGo() {
    read("\u001b[?1049h\u001b[22;0;0t");
    assertThat(screen.alternate()).isTrue();
    read("text\u001b[?1049l");
    assertThat(screen.alternate()).isFalse();
    read("\u001b[?12;47h");
    assertThat(screen.alternate()).isTrue();
    read("\u001b[?4");
    read("7l");
    assertThat(screen.alternate()).isFalse();
  }

  @Test
  void aWordIsPutBetweenSequencesAndCharactersOnly() {
    assertThat(screen.quiet()).isTrue();
    read("abc\u001b[3");
    assertThat(screen.quiet()).isFalse();
    read("1m");
    assertThat(screen.quiet()).isTrue();
    byte[] euro = "\u20ac".getBytes(StandardCharsets.UTF_8);
    read(euro, 0, 2);
    assertThat(screen.quiet()).isFalse();
    read(euro, 2, 3);
    assertThat(screen.quiet()).isTrue();
    read("\u001b]0;title");
    assertThat(screen.quiet()).isFalse();
    read("\u001b\\");
    assertThat(screen.quiet()).isTrue();
  }
}

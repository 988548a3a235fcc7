package io.lifeline.kubelet.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldInputTest {

  private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

  private final HeldInput held = new HeldInput();
  private final List<ByteBuf> given = new ArrayList<>();
  private final ByteArrayOutputStream wanted = new ByteArrayOutputStream();
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
  private final List<Integer> offers = new ArrayList<>();

  private void add(int... lengths) {
    for (int length : lengths) {
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) (wanted.size() + i);
      }
      wanted.writeBytes(bytes);
      ByteBuf piece = ALLOCATOR.directBuffer(length).writeBytes(bytes);
      given.add(piece);
      held.add(ALLOCATOR, piece);
    }
  }

  private boolean take(ByteBuffer bytes, int most) {
    offers.add(bytes.remaining());
    byte[] some = new byte[Math.min(most, bytes.remaining())];
    bytes.get(some);
    taken.writeBytes(some);
    return !bytes.hasRemaining();
  }

  @Test
  void whatCameInOneTurnIsOfferedAsOnePiece() {
    add(8176, 16384, 3, 16384, 8208);
    held.offerTo(bytes -> take(bytes, Integer.MAX_VALUE));
    assertThat(offers).containsExactly(49155);
    assertThat(taken.toByteArray()).isEqualTo(wanted.toByteArray());
    assertThat(held.isEmpty()).isTrue();
    assertThat(given).allMatch(piece -> piece.refCnt() == 0);
  }

  @Test
  void oneOfThemIsNeverLongerThanWhatIsMuch() {
    add(40_000, 40_000, 20_000);
    held.offerTo(bytes -> take(bytes, Integer.MAX_VALUE));
    assertThat(offers).containsExactly(40_000, 40_000, 20_000);
    assertThat(taken.toByteArray()).isEqualTo(wanted.toByteArray());
  }

  @Test
  void whatIsRefusedIsNotFreshUntilItIsOfferedAgain() {
    add(5000, 5000);
    assertThat(held.isFresh()).isTrue();
    held.offerTo(bytes -> take(bytes, 7000));
    add(5000);
    assertThat(held.isFresh()).isFalse();
    held.offerTo(bytes -> take(bytes, Integer.MAX_VALUE));
    add(5000);
    assertThat(held.isFresh()).isTrue();
    held.offerTo(bytes -> take(bytes, Integer.MAX_VALUE));
    assertThat(taken.toByteArray()).isEqualTo(wanted.toByteArray());
    assertThat(offers).containsExactly(10_000, 8000, 5000);
    assertThat(given).allMatch(piece -> piece.refCnt() == 0);
  }

  @Test
  void howMuchIsHeldIsZeroAgainWhenAllIsTaken() {
    for (int i = 0; i < 100; i++) {
      add(30_000, 30_000);
      held.offerTo(bytes -> take(bytes, 50_000));
      held.offerTo(bytes -> take(bytes, Integer.MAX_VALUE));
    }
    assertThat(held.isMuch()).isFalse();
    assertThat(held.isLittle()).isTrue();
  }
}

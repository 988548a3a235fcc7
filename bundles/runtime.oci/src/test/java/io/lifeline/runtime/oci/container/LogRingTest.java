package io.lifeline.runtime.oci.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LogRingTest {

  @Property(tries = 300)
  void theLastBytesAreKeptHoweverTheyCome(
      @ForAll @Size(max = 30) List<@IntRange(max = 3000) Integer> sizes,
      @ForAll @IntRange(min = 1, max = 5000) int most,
      @ForAll @IntRange(max = 6000) int wanted) {
    LogRing ring = new LogRing(most);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte next = 0;
    for (int size : sizes) {
      byte[] chunk = new byte[size];
      for (int i = 0; i < size; i++) {
        chunk[i] = next++;
      }
      all.writeBytes(chunk);
      ring.append(ByteBuffer.wrap(chunk));
    }
    byte[] said = all.toByteArray();
    int kept = Math.min(Math.min(said.length, wanted), Math.max(most, 0));
    byte[] last = ring.last(Math.min(wanted, most));
    assertThat(last).isEqualTo(Arrays.copyOfRange(said, said.length - kept, said.length));
  }
}

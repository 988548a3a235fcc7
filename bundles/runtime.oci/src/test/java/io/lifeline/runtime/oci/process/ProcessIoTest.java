package io.lifeline.runtime.oci.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import io.lifeline.runtime.oci.linux.Fd;
import io.lifeline.runtime.oci.linux.Pipe;
import io.lifeline.runtime.oci.linux.SystemCallException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessIoTest {

  private static final int EVERY_PIPE = 64 * 1024;
  private static final int GROWN = 256 * 1024;

  @Test
  void anInputThatIsFullGrowsOnce() throws SystemCallException {
    try (Pipe in = Pipe.open();
        Pipe out = Pipe.open();
        Pipe err = Pipe.open();
        ProcessIo io = ProcessIo.pipes(Optional.of(in.in()), out.out(), err.out())) {
      ByteBuffer all = ByteBuffer.allocateDirect(2 * GROWN);

      assertThat(io.write(all)).isFalse();

      assertThat(all.position()).isEqualTo(GROWN);
      assertThat(io.fullInput()).isPresent();
    }
  }

  @Test
  void anOutputGrowsWhenItIsMuch() throws SystemCallException {
    try (Pipe out = Pipe.open();
        Pipe err = Pipe.open();
        ProcessIo io = ProcessIo.pipes(Optional.empty(), out.out(), err.out())) {
      out.in().nonBlocking();
      int before = fill(out.in());
      io.growOutput();

      assertThat(before).isEqualTo(EVERY_PIPE);
      assertThat(before + fill(out.in())).isEqualTo(GROWN);
    }
  }

  private static int fill(Fd pipe) throws SystemCallException {
    Memory page = new Memory(4096);
    int filled = 0;
    for (int n = pipe.write(page, 4096); n > 0; n = pipe.write(page, 4096)) {
      filled += n;
    }
    return filled;
  }
}

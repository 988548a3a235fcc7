package io.lifeline.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class KeyPipeTest {

  @Test
  void whatIsTypedComesOutWholeHoweverSlowlyItIsRead() throws Exception {
    byte[] all = new byte[50_000];
    new Random(5).nextBytes(all);
    Semaphore room = new Semaphore(0);
    KeyPipe pipe = new KeyPipe(room::release);
    Thread typist =
        new Thread(
            () -> {
              ByteBuffer keys = ByteBuffer.wrap(all);
              while (!pipe.offer(keys)) {
                room.acquireUninterruptibly();
              }
              pipe.close();
            });
    typist.start();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] piece = new byte[777];
    for (int n = pipe.read(piece, 0, 777); n >= 0; n = pipe.read(piece, 0, 777)) {
      read.write(piece, 0, n);
    }
    typist.join();
    assertThat(read.toByteArray()).isEqualTo(all);
  }

  @Test
  void whatComesAfterTheEndIsForNobody() throws Exception {
    KeyPipe pipe = new KeyPipe(() -> {});
    assertThat(pipe.offer(ByteBuffer.wrap(new byte[] {1}))).isTrue();
    pipe.close();
    assertThat(pipe.offer(ByteBuffer.wrap(new byte[9999]))).isTrue();
    assertThat(pipe.read()).isEqualTo(1);
    assertThat(pipe.read()).isEqualTo(-1);
  }
}

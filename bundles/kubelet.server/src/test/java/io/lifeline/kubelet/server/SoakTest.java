package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A hundred sessions at once, SPDY and WebSocket, each echo compared byte for byte; afterwards
 * threads, descriptors, buffers and heap are where they were.
 *
 * <p>{@code -Dsoak.seconds=600} is the long one, which {@code ./lifeline test --full} runs.
 */
class SoakTest {

  private static final int SESSIONS = 100;
  private static final Duration TIME = Duration.ofSeconds(Long.getLong("soak.seconds", 10));
  private static final String CAT = "/exec/default/debug/debugger?command=cat&input=1&output=1";

  /** What is counted; heap is what lives after a collection. */
  private record Usage(int threads, int descriptors, long buffers, long heap) {

    static Usage now() {
      for (int i = 0; i < 3; i++) {
        System.gc();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
      String[] open = new java.io.File("/proc/self/fd").list();
      return new Usage(
          ManagementFactory.getThreadMXBean().getThreadCount(),
          open == null ? 0 : open.length,
          KubeletListener.buffers(),
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
  }

  /** One session and what it has said; its answers are compared as they come. */
  private static final class Speaker {
    final Client client;
    final Random random;
    final Client.Received answer;
    byte[] said = new byte[0];
    long sent;
    long rounds;

    Speaker(OpenDoor door, int number) throws Exception {
      client =
          number % 2 == 0
              ? SpdyClient.exec(door, CAT, "error", "stdin", "stdout")
              : ChannelClient.exec(door, CAT, "v5.channel.k8s.io");
      random = new Random(number);
      answer = client.received("stdout");
    }

    /** Says something more when the last has come back whole; fails when it came back wrong. */
    void step() {
      if (answer.length() < sent) {
        return;
      }
      assertThat(answer.length()).isEqualTo(sent);
      byte[] back = answer.take();
      if (!Arrays.equals(back, said)) {
        throw new AssertionError(
            "%d bytes came back as others after %d".formatted(said.length, sent - said.length));
      }
      // Mostly single keys; sometimes a page is pasted.
      said = new byte[random.nextInt(20) == 0 ? 1 + random.nextInt(20_000) : 1];
      random.nextBytes(said);
      sent += said.length;
      rounds++;
      if (client instanceof SpdyClient spdy) {
        spdy.write("stdin", said.clone());
      } else {
        ((ChannelClient) client).write(0, said.clone());
      }
    }
  }

  @Test
  @Timeout(900)
  void aHundredSessionsLeaveThingsAsTheyWere() throws Exception {
    try (OpenDoor door = new OpenDoor(Map.of("threads", "4"))) {
      // Once through everything, so that what is made once, classes and pools, is not counted.
      run(door, SESSIONS, Duration.ofSeconds(2));
      Usage before = settled(door);
      long rounds = run(door, SESSIONS, TIME);
      Usage after = settled(door);
      System.out.printf(
          "soak: %d sessions, %d s, %d echoes; before %s, after %s%n",
          SESSIONS, TIME.toSeconds(), rounds, before, after);
      assertThat(rounds).isGreaterThan(SESSIONS);
      assertThat(after.threads()).isLessThanOrEqualTo(before.threads());
      assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors());
      assertThat(after.buffers()).isLessThanOrEqualTo(before.buffers());
      // The pools of clients and server, in one JVM here, come and go by chunks of up to 4 MiB.
      assertThat(after.heap() - before.heap()).as("bytes of heap more").isLessThan(12 << 20);
    }
  }

  /** Everybody has gone. */
  private static Usage settled(OpenDoor door) throws InterruptedException {
    Client.await("all connections are closed", () -> door.door.connections() == 0);
    for (FakeProcess process : door.node.processes) {
      assertThat(process.ended.await(5, TimeUnit.SECONDS)).isTrue();
    }
    door.node.processes.clear();
    Usage first = Usage.now();
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
    Usage second = Usage.now();
    return second.threads() <= first.threads() ? second : first;
  }

  private static long run(OpenDoor door, int sessions, Duration time) throws Exception {
    List<Speaker> speakers = new ArrayList<>();
    try {
      for (int i = 0; i < sessions; i++) {
        speakers.add(new Speaker(door, i));
      }
      long end = System.nanoTime() + time.toNanos();
      while (System.nanoTime() < end) {
        speakers.forEach(Speaker::step);
        // Faster than a hundred people type, and other work goes on beside it.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
      Client.await(
          "every echo has come back",
          () -> speakers.stream().allMatch(one -> one.answer.length() == one.sent));
      speakers.forEach(
          one -> assertThat(one.client.channel.isActive()).as("it is still open").isTrue());
      return speakers.stream().mapToLong(one -> one.rounds).sum();
    } finally {
      speakers.forEach(one -> one.client.close());
    }
  }
}

package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The wall clock that the worker's agent sees, and nobody else: a library that is preloaded into
 * its process, see {@code src/main/c/stepped-clock.c}. The machine's own is never touched, and the
 * monotonic one is the real one.
 */
final class FakeClock {

  private static final String LIBRARY = "/opt/lifeline-e2e-clock.so";
  private static final String OFFSET = "/run/lifeline-e2e-clock";

  private final Cluster cluster;

  FakeClock(Cluster cluster) {
    this.cluster = cluster;
  }

  boolean canBeHad() {
    return !cluster.local()
        && cluster.enter().isPresent()
        && Command.shell("command -v gcc").run().succeeded();
  }

  /**
   * Brings the library to the worker.
   *
   * @return what agents are started with, so that their clock can be set later; it is right until
   *     then, and everywhere else
   */
  Map<String, String> ready() {
    if (!canBeHad()) {
      return Map.of();
    }
    Path source = cluster.home().resolve("itests/e2e/src/main/c/stepped-clock.c");
    Path made = cluster.home().resolve("target/stepped-clock.so");
    Command.shell(
            "gcc -O2 -shared -fPIC -nostdlib -Wno-builtin-declaration-mismatch %s -o %s && %s sh -c 'cat >%s' <%s"
                .formatted(source, made, cluster.enter().orElseThrow(), LIBRARY, made))
        .in(cluster.home())
        .output();
    // An agent in a pod sees the worker's files there.
    String worker = "/proc/1/root";
    return Map.of("LD_PRELOAD", worker + LIBRARY, "STEPPED_CLOCK", worker + OFFSET);
  }

  /** What agents are started with to be as before. */
  Map<String, String> none() {
    return Map.of("LD_PRELOAD", "", "STEPPED_CLOCK", "");
  }

  /** A step, within a fifth of a second. */
  void isOffBy(Duration offset) {
    run("echo %1$d >%2$s.new && mv %2$s.new %2$s".formatted(offset.toSeconds(), OFFSET));
  }

  void isRight() {
    run("rm -f " + OFFSET);
  }

  /** When no agent has it any more. */
  void remove() {
    run("rm -f %s %s".formatted(OFFSET, LIBRARY));
  }

  private void run(String line) {
    Command.Outcome outcome =
        cluster.onWorker(line).orElseThrow(() -> new IllegalStateException("no way onto it"));
    if (!outcome.succeeded()) {
      throw new AssertionError("on the worker, this command failed:\n" + outcome);
    }
  }
}

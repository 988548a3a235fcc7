package io.lifeline.ssh.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DoorExecutorTest {

  private volatile boolean calm = true;
  private final DoorExecutor executor =
      new DoorExecutor(1, task -> new Thread(task, "lifeline-test-io"), () -> calm);

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  /** On which threads a task and one that it gives on are run, when a thread hands it over. */
  private List<String> threads(String from) throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> second = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () ->
                executor.execute(
                    () -> {
                      executor.execute(() -> second.complete(Thread.currentThread().getName()));
                      first.complete(Thread.currentThread().getName());
                    }),
            from);
    caller.start();
    return List.of(first.get(30, TimeUnit.SECONDS), second.get(30, TimeUnit.SECONDS));
  }

  @Test
  void theThreadThatReadsDoesTheWorkOnceAndThenReadsOn() throws Exception {
    assertThat(threads("Thread-7")).containsExactly("Thread-7", "lifeline-test-io");
  }

  @Test
  void whileSomebodyIsOnHisWayInItIsNotHeldUp() throws Exception {
    calm = false;
    assertThat(threads("Thread-7")).containsOnly("lifeline-test-io");
  }

  @Test
  void aSessionThatWritesDoesNothingElse() throws Exception {
    assertThat(threads("lifeline-session-amber-7")).containsOnly("lifeline-test-io");
  }

  @Test
  void whatFailsHarmsNobody() throws Exception {
    Thread caller =
        new Thread(
            () ->
                executor.execute(
                    () -> {
                      throw new IllegalStateException("as you wish");
                    }),
            "Thread-8");
    caller.start();
    caller.join();
    assertThat(threads("Thread-8")).first().isEqualTo("Thread-8");
  }
}

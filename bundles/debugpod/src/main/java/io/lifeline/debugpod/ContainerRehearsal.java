package io.lifeline.debugpod;

import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerInput;
import io.lifeline.session.api.ContainerRuntime;
import io.lifeline.session.api.ContainerSpec;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a container, runs a shell on a terminal in it and removes it, before anybody waits for one.
 * What the first pod would have waited for is then done, and a worker on which no container can be
 * made is known before a person approves.
 */
final class ContainerRehearsal implements Runnable {

  static final String ID = "lifeline-rehearsal";

  private static final Logger LOG = LoggerFactory.getLogger(ContainerRehearsal.class);
  private static final long PATIENCE_SECONDS = 20;
  private static final ProcessSpec SHELL =
      new ProcessSpec(
          List.of("bash", "-c", "exit 0"),
          Map.of(),
          true,
          true,
          Optional.of(new TerminalSize(80, 24)));

  private final ContainerRuntime runtime;
  private final ContainerSpec spec;

  ContainerRehearsal(ContainerRuntime runtime, String hostname, String mountPath) {
    this.runtime = runtime;
    this.spec =
        new ContainerSpec(ID, hostname, List.of(), Map.of(), mountPath, false, ContainerInput.NONE);
  }

  @Override
  public void run() {
    long from = System.nanoTime();
    try {
      Optional<DebugContainer> left = runtime.find(ID);
      if (left.isPresent()) {
        left.get().delete();
      }
      DebugContainer container = runtime.create(spec);
      try {
        shell(container);
      } finally {
        container.delete();
      }
      LOG.info(
          "a container and a shell were rehearsed with {} in {} ms",
          runtime.description(),
          Duration.ofNanos(System.nanoTime() - from).toMillis());
    } catch (ContainerException e) {
      LOG.warn("the debug pod will not run as things are: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void shell(DebugContainer container) throws ContainerException, InterruptedException {
    CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
    container.exec(SHELL, new Nobody(ended));
    try {
      ExitStatus status = ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (status.shellCode() != 0) {
        LOG.warn("a shell that was rehearsed ended with {}", status);
      }
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("a shell that was rehearsed did not end within {} s", PATIENCE_SECONDS);
    }
  }

  private record Nobody(CompletableFuture<ExitStatus> end) implements SessionStreams {
    @Override
    public void stdout(ByteBuffer bytes) {
      bytes.position(bytes.limit());
    }

    @Override
    public void stderr(ByteBuffer bytes) {
      bytes.position(bytes.limit());
    }

    @Override
    public void inputWanted() {}

    @Override
    public void ended(ExitStatus status) {
      end.complete(status);
    }
  }
}

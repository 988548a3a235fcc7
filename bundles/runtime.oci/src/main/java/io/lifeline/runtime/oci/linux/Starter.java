package io.lifeline.runtime.oci.linux;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A thread that lives in the worker's namespaces and starts programs there.
 *
 * <p>A thread of its own for two reasons: a child is born into the namespaces of the thread that
 * starts it, which needs no {@code nsenter}; and a program on a disk that hangs stops whoever
 * starts it, until the disk answers. Then this thread is given up and the next start has a new one.
 */
public final class Starter implements Closeable {

  private static final int MOST_STUCK = 4;
  private static final int SIGKILL = 9;

  private record Job(Optional<Spawn> spawn, CompletableFuture<Integer> result) {}

  private final String name;
  private final Home home;
  private final OomScore oomScore;
  private @Nullable LinkedBlockingQueue<Job> jobs;
  private int stuck;
  private boolean closed;

  /** Where a starter lives; asked each time its thread begins anew. */
  public interface Home {
    Namespaces namespaces() throws IOException;
  }

  /**
   * @param name of its thread
   */
  public Starter(String name, Home home) {
    this(name, home, OomScore.asIs());
  }

  /**
   * @param name of its thread
   * @param oomScore of what it starts
   */
  public Starter(String name, Home home, OomScore oomScore) {
    this.name = name;
    this.home = home;
    this.oomScore = oomScore;
  }

  /**
   * Starts a program.
   *
   * @param limit how long the start may take, until the program is loaded
   * @return its pid; the caller waits for its end
   * @throws IOException when it cannot be started; the message names it
   */
  public int start(Command command, Duration limit) throws IOException, InterruptedException {
    Spawn spawn = new Spawn(command);
    CompletableFuture<Integer> result = new CompletableFuture<>();
    boolean pending = true;
    try {
      queue().add(new Job(Optional.of(spawn), result));
      int error = result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      pending = false;
      if (error != 0) {
        throw new LoadException(command.name(), error);
      }
      return spawn.pid();
    } catch (TimeoutException e) {
      if (!result.cancel(false)) {
        pending = false;
        return spawn.pid();
      }
      giveUp();
      throw new IOException(
          "%s could not even be loaded within %d ms: the disk it is on hangs, or no process can be made"
              .formatted(command.name(), limit.toMillis()),
          e);
    } catch (ExecutionException e) {
      pending = false;
      closeQueue();
      throw new NotEnteredException(
          "the worker's namespaces cannot be entered to start %s: %s. The agent must be privileged and share the host's process ids"
              .formatted(command.name(), e.getMessage()),
          e);
    } finally {
      if (!pending) {
        spawn.free();
      }
      closeAfterUse();
    }
  }

  private synchronized LinkedBlockingQueue<Job> queue() throws IOException {
    if (jobs == null) {
      if (stuck >= MOST_STUCK) {
        throw new IOException(
            "%d programs hang while they are being loaded: nothing more is started until one of them answers"
                .formatted(stuck));
      }
      Namespaces namespaces = home.namespaces();
      LinkedBlockingQueue<Job> fresh = new LinkedBlockingQueue<>();
      new OwnThread(() -> work(namespaces, fresh), name).start();
      jobs = fresh;
    }
    return jobs;
  }

  private void work(Namespaces namespaces, LinkedBlockingQueue<Job> jobs) {
    @Nullable Throwable refusal = null;
    try (namespaces) {
      // Once inside, this thread must load nothing: its files are the worker's then.
      warm();
      namespaces.enter();
    } catch (IOException | RuntimeException e) {
      refusal = e;
    }
    while (true) {
      Job job;
      try {
        job = jobs.take();
      } catch (InterruptedException e) {
        return;
      }
      if (job.spawn().isEmpty()) {
        return;
      }
      if (refusal != null) {
        job.result().completeExceptionally(refusal);
        return;
      }
      run(job.spawn().get(), job.result());
    }
  }

  private void run(Spawn spawn, CompletableFuture<Integer> result) {
    int error = spawn.call();
    if (error == 0) {
      oomScore.give(spawn.pid());
    }
    if (!result.complete(error)) {
      // It came too late: nobody waits for it any more.
      if (error == 0) {
        LibC.kill(-spawn.pid(), SIGKILL);
        LibC.wait4(spawn.pid(), new int[1], 0, null);
      }
      spawn.free();
      answered();
    }
  }

  private synchronized void answered() {
    stuck--;
  }

  private void warm() throws SystemCallException {
    try (Fd nothing = Fd.openToRead("/dev/null")) {
      Spawn spawn =
          new Spawn(
              new Command(
                  List.of("/nonexistent/lifeline"),
                  List.of("lifeline"),
                  List.of(),
                  new Command.Streams.Pipes(nothing, nothing, nothing)));
      spawn.call();
      spawn.free();
      oomScore.give(0);
    }
  }

  private synchronized void giveUp() {
    closeQueue();
    stuck++;
  }

  private synchronized void closeQueue() {
    if (jobs != null) {
      jobs.add(new Job(Optional.empty(), new CompletableFuture<>()));
      jobs = null;
    }
  }

  private synchronized void closeAfterUse() {
    if (closed) {
      closeQueue();
    }
  }

  /** Its thread ends; should something be started all the same, so does the thread for that. */
  @Override
  public synchronized void close() {
    closed = true;
    closeQueue();
  }
}

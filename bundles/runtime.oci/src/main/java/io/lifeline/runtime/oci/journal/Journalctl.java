package io.lifeline.runtime.oci.journal;

import io.lifeline.node.api.JournalQuery;
import io.lifeline.node.api.WorkerJournal;
import io.lifeline.runtime.oci.container.Awaited;
import io.lifeline.runtime.oci.container.Limits;
import io.lifeline.runtime.oci.linux.Child;
import io.lifeline.runtime.oci.linux.Command;
import io.lifeline.runtime.oci.linux.Namespaces;
import io.lifeline.runtime.oci.linux.Starter;
import io.lifeline.runtime.oci.process.ProcessIo;
import io.lifeline.runtime.oci.process.RunningProcess;
import io.lifeline.runtime.oci.process.StandardPipes;
import io.lifeline.runtime.oci.process.Watch;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs {@code journalctl} in the worker's namespaces, without a shell. By a starter of its own: on
 * a disk that hangs its loading does, and the container runtime must not wait behind it.
 */
public final class Journalctl implements WorkerJournal, Closeable {

  private static final int SIGKILL = 9;
  private static final List<String> ENVIRONMENT =
      List.of("PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "SYSTEMD_COLORS=0", "TZ=UTC");

  private final List<String> paths;
  private final Awaited awaited;
  private final Limits limits;
  private final Starter starter;

  /**
   * @param root where this process sees the worker's root directory
   * @param path the worker's directories in which programs are
   */
  public Journalctl(Path root, List<String> path, Awaited awaited, Limits limits) {
    this.paths = path.stream().map(directory -> directory + "/journalctl").toList();
    this.awaited = awaited;
    this.limits = limits;
    this.starter =
        new Starter("lifeline-starter-journal", () -> Namespaces.of(root, Optional.empty()));
  }

  @Override
  public ContainerProcess ask(JournalQuery query, SessionStreams streams)
      throws ContainerException {
    try (StandardPipes pipes = StandardPipes.open(false)) {
      int pid =
          starter.start(
              new Command(
                  paths,
                  arguments(query),
                  ENVIRONMENT,
                  new Command.Streams.Pipes(pipes.stdin(), pipes.stdout(), pipes.stderr())),
              limits.start());
      awaited.add(pid);
      return running(new Child(pid), pipes.taken(), streams);
    } catch (IOException e) {
      throw new ContainerException("the worker's journal cannot be asked: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContainerException("the question to the worker's journal was interrupted", e);
    }
  }

  private ContainerProcess running(Child child, ProcessIo io, SessionStreams streams)
      throws IOException {
    try {
      return RunningProcess.start(child, io, streams, new End(child.pid()), limits.closeGrace());
    } catch (IOException | OutOfMemoryError e) {
      // No more descriptors, or no more threads.
      child.signalGroup(SIGKILL);
      io.close();
      child.close();
      awaited.remove(child.pid());
      throw new IOException("nobody can listen to it: " + e.getMessage(), e);
    }
  }

  /**
   * Fixed words, and each value behind an equals sign.
   *
   * <p>Source: {@code getLoggingCmd} of {@code pkg/kubelet/kubelet_server_journal_linux.go} of
   * Kubernetes; times are told as seconds, which have no time zone.
   */
  static List<String> arguments(JournalQuery query) {
    List<String> words =
        new ArrayList<>(
            List.of("journalctl", "--utc", "--no-pager", "--quiet", "--output=short-precise"));
    query.since().ifPresent(since -> words.add("--since=" + seconds(since)));
    query.until().ifPresent(until -> words.add("--until=" + seconds(until)));
    query.lines().ifPresent(lines -> words.add("--lines=" + lines));
    query.units().forEach(unit -> words.add("--unit=" + unit));
    query.pattern().ifPresent(pattern -> words.add("--grep=" + pattern));
    query.boot().ifPresent(boot -> words.add("--boot=" + boot));
    return words;
  }

  private static String seconds(Instant time) {
    return "@%d.%06d".formatted(time.getEpochSecond(), time.getNano() / 1000);
  }

  @Override
  public void close() {
    starter.close();
  }

  private final class End implements Watch {

    private final int pid;

    private End(int pid) {
      this.pid = pid;
    }

    @Override
    public void ended(ExitStatus status) {
      awaited.remove(pid);
    }

    @Override
    public String threadName() {
      return "lifeline-journal";
    }
  }
}

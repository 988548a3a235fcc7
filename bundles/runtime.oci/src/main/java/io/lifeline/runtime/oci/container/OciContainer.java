package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.linux.Child;
import io.lifeline.runtime.oci.linux.NotEnteredException;
import io.lifeline.runtime.oci.linux.Subreaper;
import io.lifeline.runtime.oci.linux.SystemCallException;
import io.lifeline.runtime.oci.process.ProcessIo;
import io.lifeline.runtime.oci.process.RunningProcess;
import io.lifeline.runtime.oci.process.Watch;
import io.lifeline.runtime.oci.tool.ToolException;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container that runs, or did. */
final class OciContainer implements DebugContainer {

  private static final Logger LOG = LoggerFactory.getLogger(OciContainer.class);
  private static final int BURY_EVERY_MILLIS = 5000;

  private final ContainerRecord record;
  private final OciConfig config;
  private final Means means;
  private final Path directory;
  private final MainOutput output = new MainOutput();
  private final Subreaper subreaper;
  private final InsideStarter inside;
  private final RunningProcess main;
  private final boolean streamsLost;
  private final List<Runnable> callbacks = new ArrayList<>();
  private @Nullable ExitStatus status;

  private OciContainer(
      ContainerRecord record,
      OciConfig config,
      Means means,
      Child child,
      ProcessIo io,
      boolean lost)
      throws IOException {
    this.record = record;
    this.config = config;
    this.means = means;
    this.directory = means.state().container(record.spec().id());
    this.subreaper = new Subreaper(means.awaited()::contains);
    this.streamsLost = lost;
    this.inside =
        new InsideStarter(means, record.spec().id(), record.pid(), means.limits().start());
    this.main =
        RunningProcess.start(child, io, output, new MainWatch(), means.limits().closeGrace());
  }

  /** One that has just been created. */
  static OciContainer created(
      ContainerRecord record, OciConfig config, Means means, Launcher.Launched launched)
      throws IOException {
    return new OciContainer(record, config, means, launched.child(), launched.io(), false);
  }

  /** One of an earlier life of the agent: its main process's streams ended with that life. */
  static OciContainer found(ContainerRecord record, OciConfig config, Means means)
      throws IOException {
    return new OciContainer(record, config, means, new Child(record.pid()), ProcessIo.none(), true);
  }

  @Override
  public String id() {
    return record.spec().id();
  }

  @Override
  public synchronized Optional<ExitStatus> ended() {
    return Optional.ofNullable(status);
  }

  @Override
  public ContainerProcess exec(ProcessSpec process, SessionStreams streams)
      throws ContainerException {
    refuseWhenEnded();
    try {
      if (means.execBy() == ExecBy.AGENT && inside.isPreferred()) {
        try {
          return running(process, streams, fromInside(process));
        } catch (NotEnteredException e) {
          LOG.info(
              "{} has to start processes in the container {}: {}",
              record.tool(),
              id(),
              e.getMessage());
        }
      }
      return running(process, streams, byRuntime(process));
    } catch (ToolException e) {
      return refused(process, streams, e);
    } catch (SystemCallException e) {
      return failed(process, streams, e);
    } catch (IOException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContainerException("the start of a process was interrupted", e);
    }
  }

  private Launcher.Launched fromInside(ProcessSpec process)
      throws IOException, InterruptedException {
    return inside.start(process, config.environment(process));
  }

  private Launcher.Launched byRuntime(ProcessSpec process)
      throws IOException, InterruptedException {
    Path json = directory.resolve(means.state().nextName() + ".json");
    try {
      Files.writeString(json, config.process(process));
      return means
          .launcher()
          .launch(
              record.tool(),
              id(),
              directory,
              List.of("exec", "--process", means.state().worker(json)),
              process.tty(),
              process.stdin());
    } finally {
      removed(json);
    }
  }

  private ContainerProcess running(
      ProcessSpec process, SessionStreams streams, Launcher.Launched launched)
      throws SystemCallException {
    try {
      RunningProcess running =
          RunningProcess.start(
              launched.child(),
              launched.io(),
              streams,
              new ExecWatch(means.state().nextName(), launched.child().pid()),
              means.limits().closeGrace());
      process.size().ifPresent(running::resize);
      return running;
    } catch (SystemCallException | OutOfMemoryError e) {
      // No more descriptors, or no more threads.
      launched.abandon();
      means.awaited().remove(launched.child().pid());
      throw e;
    }
  }

  private ContainerException failure(IOException e) {
    return new ContainerException(
        "no process can be started in the debug container %s: %s".formatted(id(), e.getMessage()),
        e);
  }

  private ContainerProcess failed(
      ProcessSpec process, SessionStreams streams, SystemCallException e)
      throws ContainerException {
    Optional<ExitStatus.Failed> failed = Refusal.ofCommand(process.command().get(0), e);
    if (failed.isEmpty()) {
      throw failure(e);
    }
    return RunningProcess.failed(failed.get(), streams);
  }

  /** The runtime did not start it: because of the command, or because of itself. */
  private ContainerProcess refused(ProcessSpec process, SessionStreams streams, ToolException e)
      throws ContainerException {
    String command = process.command().get(0);
    Optional<ExitStatus.Failed> failed = Refusal.ofCommand(command, e.answer());
    if (failed.isPresent()) {
      return RunningProcess.failed(failed.get(), streams);
    }
    refuseWhenEnded();
    LOG.warn(
        "{} could not start '{}' in the container {}, so it is started without it: {}",
        record.tool(),
        command,
        id(),
        e.answer());
    try {
      return running(process, streams, fromInside(process));
    } catch (SystemCallException without) {
      return failed(process, streams, without);
    } catch (IOException without) {
      throw new ContainerException(
          "%s could not start '%s' in the debug container %s: %s; and without it: %s"
              .formatted(record.tool(), command, id(), e.answer(), without.getMessage()),
          e);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new ContainerException("the start of a process was interrupted", interrupt);
    }
  }

  private void refuseWhenEnded() throws ContainerException {
    if (ended().isPresent() || !record.alive()) {
      throw new ContainerException(
          "the debug container %s has ended: delete its pod and create it again".formatted(id()));
    }
  }

  private static void removed(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It goes with the container's directory.
    }
  }

  @Override
  public ContainerProcess attach(SessionStreams streams) throws ContainerException {
    refuseWhenEnded();
    if (streamsLost) {
      throw new ContainerException(
          "the streams of the main process of %s ended when the agent was restarted: use exec instead of attach"
              .formatted(id()));
    }
    return new Attachment(main, output, streams)
        .start("lifeline-session-" + means.state().nextName());
  }

  /** Nothing of this instance stays in it; what is started later enters it anew. */
  void letGo() {
    inside.close();
  }

  @Override
  public byte[] logs(int mostBytes) {
    return output.last(mostBytes);
  }

  @Override
  public void whenEnded(Runnable callback) {
    synchronized (this) {
      if (status == null) {
        callbacks.add(callback);
        return;
      }
    }
    callback.run();
  }

  @Override
  public void delete() throws ContainerException {
    inside.close();
    new Removal(means, id(), Optional.of(record)).run();
  }

  private final class MainWatch implements Watch {

    @Override
    public int tickMillis() {
      return BURY_EVERY_MILLIS;
    }

    @Override
    public void tick() {
      subreaper.look();
    }

    @Override
    public void ended(ExitStatus how) {
      means.awaited().remove(record.pid());
      inside.close();
      List<Runnable> waiting;
      synchronized (OciContainer.this) {
        status = how;
        waiting = List.copyOf(callbacks);
        callbacks.clear();
      }
      waiting.forEach(Runnable::run);
    }

    @Override
    public String threadName() {
      return "lifeline-container-" + record.spec().id();
    }
  }

  private final class ExecWatch implements Watch {

    private final String name;
    private final int pid;

    private ExecWatch(String name, int pid) {
      this.name = name;
      this.pid = pid;
    }

    @Override
    public void ended(ExitStatus how) {
      means.awaited().remove(pid);
    }

    @Override
    public String threadName() {
      return "lifeline-session-" + name;
    }
  }
}

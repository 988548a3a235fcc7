package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.linux.Child;
import io.lifeline.runtime.oci.linux.SystemCallException;
import io.lifeline.runtime.oci.process.ProcessIo;
import io.lifeline.runtime.oci.process.RunningProcess;
import io.lifeline.runtime.oci.process.Watch;
import io.lifeline.runtime.oci.tool.Cgroup;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ContainerUsage;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.LogReader;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container that runs, or did. */
final class OciContainer implements DebugContainer {

  private static final Logger LOG = LoggerFactory.getLogger(OciContainer.class);
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

  private final ContainerRecord record;
  private final Means means;
  private final MainOutput output;
  private final InsideStarter inside;
  private final KeptTerminals kept;
  private final List<Way> ways;
  private final @Nullable DebugContainer earlier;
  private final Runnable earlierEnded = this::earlierEnded;
  private @Nullable RunningProcess main;
  private boolean streamsLost;
  private final List<Runnable> callbacks = new ArrayList<>();
  private @Nullable ExitStatus status;

  private OciContainer(
      ContainerRecord record, OciConfig config, Means means, @Nullable DebugContainer earlier) {
    this.record = record;
    this.means = means;
    this.earlier = earlier;
    this.output = new MainOutput(record.spec().tty(), means.clock());
    this.inside = new InsideStarter(means, record, config);
    this.kept =
        new KeptTerminals(means.state().container(record.spec().id()).resolve("kept"), inside);
    Way runtime =
        new RuntimeExec(means, record.tool(), config, means.state().container(record.spec().id()));
    this.ways =
        means.execBy() == ExecBy.AGENT && inside.isPreferred()
            ? List.of(inside, runtime)
            : List.of(runtime, inside);
  }

  /** One that has just been created. */
  static OciContainer created(
      ContainerRecord record, OciConfig config, Means means, Launcher.Launched launched)
      throws IOException {
    OciContainer container = new OciContainer(record, config, means, null);
    container.hear(launched.child(), launched.io());
    return container;
  }

  /** One of an earlier life of the agent: its main process's streams ended with that life. */
  static OciContainer found(ContainerRecord record, OciConfig config, Means means)
      throws IOException {
    OciContainer container = new OciContainer(record, config, means, null);
    container.streamsLost = true;
    container.output.note(
        "*** the agent was restarted: what was said before is gone, and what is said since ***");
    container.hear(new Child(record.pid()), ProcessIo.none());
    return container;
  }

  /**
   * One that a replaced instance of this bundle goes on hearing.
   *
   * @param earlier there
   */
  static OciContainer inherited(
      ContainerRecord record, OciConfig config, Means means, DebugContainer earlier) {
    OciContainer container = new OciContainer(record, config, means, earlier);
    earlier.whenEnded(container.earlierEnded);
    return container;
  }

  private void earlierEnded() {
    end(
        Optional.ofNullable(earlier)
            .flatMap(DebugContainer::ended)
            .orElseGet(() -> new ExitStatus.Failed(255, "the container has ended")));
  }

  private void hear(Child child, ProcessIo io) throws SystemCallException {
    main = RunningProcess.start(child, io, output, new MainWatch(), means.limits().closeGrace());
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
    String command = process.command().get(0);
    List<String> answers = new ArrayList<>();
    for (Way way : ways) {
      try {
        ContainerProcess running = running(process, streams, way.start(process));
        if (!answers.isEmpty()) {
          LOG.warn(
              "'{}' was started by {}, because {}", command, way.description(), answers.get(0));
        }
        return running;
      } catch (IOException e) {
        Optional<ExitStatus.Failed> failed = Refusal.ofCommand(command, e);
        if (failed.isPresent()) {
          return RunningProcess.failed(failed.get(), streams);
        }
        answers.add("%s answered: %s".formatted(way.description(), e.getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ContainerException("the start of '%s' was interrupted".formatted(command), e);
      }
    }
    refuseWhenEnded();
    throw new ContainerException(
        "'%s' cannot be started in the debug container %s: %s"
            .formatted(command, id(), String.join("; ", answers)));
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

  @Override
  public void keep(ContainerProcess process, String name) throws ContainerException {
    if (!(process instanceof RunningProcess running) || !NAME.matcher(name).matches()) {
      return;
    }
    try {
      kept.keep(running, name);
    } catch (IOException e) {
      throw new ContainerException(
          "the terminal of process %d ends with this agent: %s"
              .formatted(running.pid(), e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Optional<ContainerProcess> kept(String name, SessionStreams streams)
      throws ContainerException {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    try {
      Optional<KeptTerminals.Taken> taken = kept.take(name);
      if (taken.isEmpty()) {
        return Optional.empty();
      }
      RunningProcess running =
          RunningProcess.start(
              new Child(taken.get().pid()),
              ProcessIo.terminal(taken.get().master()),
              streams,
              new ExecWatch(means.state().nextName(), taken.get().pid()),
              means.limits().closeGrace());
      kept.goesOn(running, name);
      return Optional.of(running);
    } catch (IOException e) {
      throw new ContainerException(
          "the terminal that an earlier life of the agent kept as %s cannot be had: %s"
              .formatted(name, e.getMessage()),
          e);
    }
  }

  private void refuseWhenEnded() throws ContainerException {
    if (ended().isPresent() || !record.alive()) {
      throw new ContainerException(
          "the debug container %s has ended: delete its pod and create it again".formatted(id()));
    }
  }

  @Override
  public ContainerProcess attach(SessionStreams streams) throws ContainerException {
    refuseWhenEnded();
    if (earlier != null) {
      return earlier.attach(streams);
    }
    if (streamsLost || main == null) {
      throw new ContainerException(
          "the streams of the main process of %s ended when the agent was restarted: use exec instead of attach"
              .formatted(id()));
    }
    return new Attachment(main, output, streams, record.spec())
        .start("lifeline-session-" + means.state().nextName());
  }

  /** Nothing of this instance stays in it; what is started later enters it anew. */
  void letGo() {
    inside.close();
    if (earlier != null) {
      earlier.forget(earlierEnded);
    }
  }

  /** Whether its main process speaks to this instance. */
  boolean hasStreams() {
    return earlier == null && !streamsLost && ended().isEmpty();
  }

  @Override
  public LogReader logs() {
    return earlier == null ? output.reader() : earlier.logs();
  }

  @Override
  public Optional<ContainerUsage> usage() {
    return new Cgroup(id(), means.state().root()).usage();
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
  public synchronized void forget(Runnable callback) {
    callbacks.remove(callback);
  }

  @Override
  public void delete() throws ContainerException {
    inside.close();
    new Removal(means, id(), Optional.of(record)).run();
    LOG.info("the debug container {} is gone", id());
  }

  private void end(ExitStatus how) {
    means.awaited().remove(record.pid());
    inside.close();
    List<Runnable> waiting;
    synchronized (this) {
      status = how;
      waiting = List.copyOf(callbacks);
      callbacks.clear();
    }
    waiting.forEach(Runnable::run);
  }

  private final class MainWatch implements Watch {

    @Override
    public void ended(ExitStatus how) {
      end(how);
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

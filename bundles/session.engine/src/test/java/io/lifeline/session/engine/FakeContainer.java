package io.lifeline.session.engine;

import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ContainerUsage;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.LogReader;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A container whose processes do as the test says. */
final class FakeContainer implements DebugContainer {

  final List<FakeProcess> processes = new CopyOnWriteArrayList<>();
  boolean stubborn;
  boolean broken;

  final class FakeProcess implements ContainerProcess {

    final SessionStreams streams;
    final List<String> heard = new CopyOnWriteArrayList<>();
    final StringBuffer typed = new StringBuffer();
    final ProcessSpec spec;

    FakeProcess(ProcessSpec spec, SessionStreams streams) {
      this.spec = spec;
      this.streams = streams;
    }

    /** Says something, as its own thread does. */
    void says(String text) {
      try {
        streams.stdout(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** What the command in the container prints. */
    void asks(String words) {
      says("\u001b]7337;" + spec.environment().get("LIFELINE_TOKEN") + ";" + words + "\u0007");
    }

    void exits(int code) {
      streams.ended(new ExitStatus.Exited(code));
    }

    @Override
    public boolean stdin(ByteBuffer bytes) {
      typed.append(StandardCharsets.UTF_8.decode(bytes));
      return true;
    }

    @Override
    public void closeStdin() {
      heard.add("end of input");
    }

    @Override
    public void resize(TerminalSize size) {
      heard.add(size.columns() + "x" + size.rows());
    }

    @Override
    public void signal(int signal) {
      heard.add("signal " + signal);
      if (signal == 9) {
        streams.ended(new ExitStatus.Signalled(9));
      }
    }

    @Override
    public void close() {
      heard.add("close");
      if (!stubborn) {
        streams.ended(new ExitStatus.Signalled(1));
      }
    }
  }

  @Override
  public String id() {
    return "debug";
  }

  @Override
  public Optional<ExitStatus> ended() {
    return Optional.empty();
  }

  @Override
  public ContainerProcess exec(ProcessSpec process, SessionStreams streams)
      throws ContainerException {
    if (broken) {
      throw new ContainerException("the runtime is broken");
    }
    FakeProcess running = new FakeProcess(process, streams);
    processes.add(running);
    return running;
  }

  @Override
  public ContainerProcess attach(SessionStreams streams) throws ContainerException {
    return exec(
        new ProcessSpec(List.of("main"), java.util.Map.of(), true, true, Optional.empty()),
        streams);
  }

  /** By name; what the test takes out has ended. */
  final Map<String, FakeProcess> kept = new ConcurrentHashMap<>();

  @Override
  public void keep(ContainerProcess process, String name) {
    kept.put(name, (FakeProcess) process);
  }

  @Override
  public Optional<ContainerProcess> kept(String name, SessionStreams streams) {
    FakeProcess before = kept.get(name);
    if (before == null) {
      return Optional.empty();
    }
    FakeProcess again = new FakeProcess(before.spec, streams);
    processes.add(again);
    return Optional.of(again);
  }

  @Override
  public LogReader logs() {
    throw new UnsupportedOperationException("no session reads logs");
  }

  @Override
  public Optional<ContainerUsage> usage() {
    return Optional.empty();
  }

  @Override
  public void whenEnded(Runnable callback) {}

  @Override
  public void delete() {}
}

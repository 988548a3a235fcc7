package io.lifeline.debugpod;

import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ContainerRuntime;
import io.lifeline.session.api.ContainerSpec;
import io.lifeline.session.api.ContainerUsage;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.LogLine;
import io.lifeline.session.api.LogReader;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Containers that run until the test ends them, and say their name. */
final class FakeRuntime implements ContainerRuntime {

  final List<Running> containers = new ArrayList<>();

  /** What is done with any of them, in its order. */
  final List<String> deeds = new ArrayList<>();

  /** What an earlier life has left. */
  Optional<ContainerSpec> left = Optional.empty();

  boolean execFails;

  @Override
  public String description() {
    return "runc 1.1.5 (/usr/sbin/runc)";
  }

  @Override
  public DebugContainer create(ContainerSpec spec) {
    deeds.add("create " + spec.id());
    Running container = new Running(spec);
    containers.add(container);
    return container;
  }

  @Override
  public Optional<DebugContainer> find(String id) {
    return left.filter(spec -> spec.id().equals(id)).map(Running::new);
  }

  final class Running implements DebugContainer {

    final ContainerSpec spec;
    boolean deleted;
    private Optional<ExitStatus> ended = Optional.empty();
    private Runnable callback = () -> {};

    Running(ContainerSpec spec) {
      this.spec = spec;
    }

    void end(int code) {
      ended = Optional.of(new ExitStatus.Exited(code));
      callback.run();
    }

    @Override
    public String id() {
      return spec.id();
    }

    @Override
    public Optional<ExitStatus> ended() {
      return ended;
    }

    @Override
    public ContainerProcess exec(ProcessSpec process, SessionStreams streams)
        throws ContainerException {
      if (execFails) {
        throw new ContainerException("no terminal");
      }
      deeds.add(process.tty() ? "exec on a terminal" : "exec");
      streams.ended(new ExitStatus.Exited(0));
      return new EndedProcess();
    }

    @Override
    public ContainerProcess attach(SessionStreams streams) {
      throw new UnsupportedOperationException();
    }

    @Override
    public LogReader logs() {
      byte[] name = spec.id().getBytes(StandardCharsets.UTF_8);
      Iterator<LogLine> lines = List.of(new LogLine(Instant.EPOCH, false, true, name)).iterator();
      return new LogReader() {
        @Override
        public Optional<LogLine> next() {
          return lines.hasNext() ? Optional.of(lines.next()) : Optional.empty();
        }

        @Override
        public List<LogLine> unfinished() {
          return List.of();
        }

        @Override
        public boolean await() {
          return lines.hasNext();
        }
      };
    }

    @Override
    public Optional<ContainerUsage> usage() {
      return Optional.empty();
    }

    @Override
    public void whenEnded(Runnable callback) {
      this.callback = callback;
    }

    @Override
    public void delete() {
      deeds.add("delete " + spec.id());
      deleted = true;
    }
  }

  private static final class EndedProcess implements ContainerProcess {
    @Override
    public boolean stdin(ByteBuffer bytes) {
      bytes.position(bytes.limit());
      return true;
    }

    @Override
    public void closeStdin() {}

    @Override
    public void resize(TerminalSize size) {}

    @Override
    public void signal(int signal) {}

    @Override
    public void close() {}
  }
}

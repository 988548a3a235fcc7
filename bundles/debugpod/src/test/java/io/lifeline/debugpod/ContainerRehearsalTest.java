package io.lifeline.debugpod;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ContainerRuntime;
import io.lifeline.session.api.ContainerSpec;
import io.lifeline.session.api.ContainerUsage;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.LogReader;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContainerRehearsalTest {

  private final List<String> deeds = new ArrayList<>();
  private final FakeRuntime runtime = new FakeRuntime();

  @Test
  void aShellIsRunOnATerminalAndNothingIsLeft() {
    new ContainerRehearsal(runtime, "w2-debug", "/host").run();
    assertThat(deeds).containsExactly("create", "exec on a terminal", "delete");
  }

  @Test
  void whatAnEarlierLifeLeftGoesFirst() {
    runtime.left = true;
    new ContainerRehearsal(runtime, "w2-debug", "/host").run();
    assertThat(deeds).containsExactly("delete", "create", "exec on a terminal", "delete");
  }

  @Test
  void aShellThatCannotStartLeavesNothingEither() {
    runtime.execFails = true;
    new ContainerRehearsal(runtime, "w2-debug", "/host").run();
    assertThat(deeds).containsExactly("create", "delete");
  }

  private final class FakeRuntime implements ContainerRuntime, DebugContainer {
    private boolean left;
    private boolean execFails;

    @Override
    public String description() {
      return "a fake";
    }

    @Override
    public DebugContainer create(ContainerSpec spec) {
      assertThat(spec.id()).isEqualTo(ContainerRehearsal.ID);
      deeds.add("create");
      return this;
    }

    @Override
    public Optional<DebugContainer> find(String id) {
      return left && id.equals(ContainerRehearsal.ID) ? Optional.of(this) : Optional.empty();
    }

    @Override
    public String id() {
      return ContainerRehearsal.ID;
    }

    @Override
    public Optional<ExitStatus> ended() {
      return Optional.empty();
    }

    @Override
    public ContainerProcess exec(ProcessSpec process, SessionStreams streams)
        throws ContainerException {
      if (execFails) {
        throw new ContainerException("no terminal");
      }
      deeds.add(process.tty() ? "exec on a terminal" : "exec");
      streams.ended(new ExitStatus.Exited(0));
      return new Nothing();
    }

    @Override
    public ContainerProcess attach(SessionStreams streams) {
      throw new AssertionError("nobody attaches");
    }

    @Override
    public LogReader logs() {
      throw new AssertionError("nobody reads what it said");
    }

    @Override
    public Optional<ContainerUsage> usage() {
      return Optional.empty();
    }

    @Override
    public void whenEnded(Runnable callback) {}

    @Override
    public void delete() {
      deeds.add("delete");
    }
  }

  private static final class Nothing implements ContainerProcess {
    @Override
    public boolean stdin(ByteBuffer bytes) {
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

package io.lifeline.ssh.server;

import io.lifeline.session.api.ContainerInput;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ContainerRuntime;
import io.lifeline.session.api.ContainerSpec;
import io.lifeline.session.api.ContainerUsage;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.LogReader;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.SessionStreams;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A runtime with room for one container, in which nothing runs. */
final class FakeRuntime implements ContainerRuntime {

  volatile Optional<DebugContainer> there = Optional.empty();
  volatile int made;

  void create(String id) {
    create(new ContainerSpec(id, "", List.of(), Map.of(), "/host", false, ContainerInput.NONE));
  }

  @Override
  public String description() {
    return "a fake";
  }

  @Override
  public DebugContainer create(ContainerSpec spec) {
    made++;
    DebugContainer container = new Empty(spec.id());
    there = Optional.of(container);
    return container;
  }

  @Override
  public Optional<DebugContainer> find(String id) {
    return there.filter(container -> container.id().equals(id));
  }

  private final class Empty implements DebugContainer {

    private final String id;

    Empty(String id) {
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public Optional<ExitStatus> ended() {
      return Optional.empty();
    }

    @Override
    public ContainerProcess exec(ProcessSpec process, SessionStreams streams) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ContainerProcess attach(SessionStreams streams) {
      throw new UnsupportedOperationException();
    }

    @Override
    public LogReader logs() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ContainerUsage> usage() {
      return Optional.empty();
    }

    @Override
    public void whenEnded(Runnable callback) {}

    @Override
    public void delete() {
      there = Optional.empty();
    }
  }
}

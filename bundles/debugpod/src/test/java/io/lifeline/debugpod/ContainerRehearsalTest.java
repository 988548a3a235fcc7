package io.lifeline.debugpod;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.session.api.ContainerInput;
import io.lifeline.session.api.ContainerSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContainerRehearsalTest {

  private static final String CREATE = "create " + ContainerRehearsal.ID;
  private static final String DELETE = "delete " + ContainerRehearsal.ID;

  private final FakeRuntime runtime = new FakeRuntime();

  private List<String> deeds() {
    new ContainerRehearsal(runtime, "w2-debug", "/host").run();
    return runtime.deeds;
  }

  @Test
  void aShellIsRunOnATerminalAndNothingIsLeft() {
    assertThat(deeds()).containsExactly(CREATE, "exec on a terminal", DELETE);
  }

  @Test
  void whatAnEarlierLifeLeftGoesFirst() {
    runtime.left =
        Optional.of(
            new ContainerSpec(
                ContainerRehearsal.ID,
                "w2-debug",
                List.of(),
                Map.of(),
                "/host",
                false,
                ContainerInput.NONE));
    assertThat(deeds()).containsExactly(DELETE, CREATE, "exec on a terminal", DELETE);
  }

  @Test
  void aShellThatCannotStartLeavesNothingEither() {
    runtime.execFails = true;
    assertThat(deeds()).containsExactly(CREATE, DELETE);
  }
}

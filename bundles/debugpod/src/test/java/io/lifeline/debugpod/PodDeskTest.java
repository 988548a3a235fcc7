package io.lifeline.debugpod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.lifeline.node.api.Worker;
import io.lifeline.session.api.LogReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PodDeskTest {

  private static final Pod SHELL = PodChecksTest.ofKubectlDebugSysadmin().build();
  private static final String NAME = SHELL.getMetadata().getName();

  private final FakeRuntime runtime = new FakeRuntime();
  private final AtomicInteger woken = new AtomicInteger();
  private ApiServer cluster;
  private PodDesk desk;

  private static final class W2 implements Worker {
    @Override
    public String name() {
      return "w2";
    }

    @Override
    public String backupName() {
      return "w2-debug";
    }

    @Override
    public String address() {
      return "10.0.0.2";
    }

    @Override
    public int kubeletPort() {
      return 10350;
    }

    @Override
    public Path root() {
      return Path.of("/");
    }

    @Override
    public Path state() {
      return Path.of("/run/lifeline");
    }
  }

  @BeforeEach
  void begin() throws Exception {
    cluster = new ApiServer();
    desk =
        new PodDesk(
            new W2(),
            new PodSettings("default", "/host"),
            new PodCluster(cluster.client, "w2-debug", java.time.InstantSource.system()),
            () -> runtime,
            woken::incrementAndGet);
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private Optional<String> log(String uid) {
    Optional<LogReader> reader = desk.logs("default", NAME, uid, "debugger");
    return reader.map(r -> new String(r.next().orElseThrow().bytes(), StandardCharsets.UTF_8));
  }

  @Test
  void thePodOfKubectlDebugRunsAShellAndItsImageIsSaidToBeUnused() {
    desk.look(List.of(SHELL));
    assertThat(runtime.containers).hasSize(1);
    assertThat(cluster.status(NAME)).contains("\"phase\":\"Running\"", "\"ready\":true");
    assertThat(cluster.events()).contains("the image busybox is not used");
    assertThat(desk.container("default", NAME, "", "debugger")).isPresent();
  }

  @Test
  void leavingTheShellEndsThePodAndItsLogStaysUntilThePodGoes() {
    desk.look(List.of(SHELL));
    runtime.containers.get(0).end(0);
    assertThat(woken).hasValue(1);
    desk.look(List.of(SHELL));
    assertThat(cluster.status(NAME))
        .contains("\"phase\":\"Succeeded\"", "\"exitCode\":0", "\"reason\":\"Completed\"");
    assertThat(runtime.containers.get(0).deleted).isTrue();
    assertThat(desk.container("default", NAME, "", "debugger")).isEmpty();
    assertThat(log("")).contains("debug-u2");
    assertThat(log("u2")).contains("debug-u2");
    assertThat(log("another")).isEmpty();
    desk.look(List.of(SHELL));
    assertThat(runtime.containers).hasSize(1);
    desk.look(List.of());
    assertThat(log("")).isEmpty();
  }

  @Test
  void aShellThatFailsMakesThePodFail() {
    desk.look(List.of(SHELL));
    runtime.containers.get(0).end(7);
    desk.look(List.of(SHELL));
    assertThat(cluster.status(NAME)).contains("\"phase\":\"Failed\"", "\"exitCode\":7");
  }

  @Test
  void aRefusedPodStaysPendingAndItsContainerSaysWhatItWaitsFor() {
    desk.look(List.of(PodChecksTest.ofKubectlDebug().build()));
    assertThat(runtime.containers).isEmpty();
    assertThat(cluster.status(NAME))
        .contains("\"phase\":\"Pending\"")
        .contains("\"waiting\":{\"message\":\"container debugger is not privileged")
        .contains("\"reason\":\"NotADebugPod\"");
    assertThat(cluster.events()).contains("--profile=sysadmin");
    assertThat(log("")).isEmpty();
  }

  @Test
  void aSecondPodGetsItsTurnWhenTheFirstHasEnded() {
    Pod second =
        PodChecksTest.debugPod()
            .editMetadata()
            .withCreationTimestamp("2026-01-01T00:01:00Z")
            .endMetadata()
            .build();
    desk.look(List.of(SHELL, second));
    assertThat(runtime.containers).hasSize(1);
    assertThat(cluster.status("debug-pod")).contains("one debug pod at a time");
    runtime.containers.get(0).end(0);
    desk.look(List.of(SHELL, second));
    assertThat(runtime.containers).hasSize(2);
    assertThat(cluster.status("debug-pod")).contains("\"phase\":\"Running\"");
    assertThat(log("")).contains("debug-u2");
  }
}

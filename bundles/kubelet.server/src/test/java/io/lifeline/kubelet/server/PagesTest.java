package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PagesTest {

  private OpenDoor door;

  @BeforeEach
  void open() throws Exception {
    door = new OpenDoor(Map.of());
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void podsAreAPodList() throws Exception {
    for (String path : new String[] {"/pods", "/runningpods/"}) {
      String answer = PlainClient.get(door, path);
      assertThat(answer).startsWith("200 ");
      PodList pods = Serialization.unmarshal(answer.substring(4), PodList.class);
      assertThat(pods.getItems())
          .extracting(pod -> pod.getMetadata().getName())
          .containsExactly("debug");
    }
  }

  @Test
  void logsAreTheLastLines() throws Exception {
    String logs = "/containerLogs/default/debug/debugger";
    assertThat(PlainClient.get(door, logs)).isEqualTo("200 one\ntwo\nthree\n");
    assertThat(PlainClient.get(door, logs + "?tailLines=2")).isEqualTo("200 two\nthree\n");
    assertThat(PlainClient.get(door, logs + "?tailLines=0")).isEqualTo("200 ");
    assertThat(PlainClient.get(door, logs + "?limitBytes=5")).isEqualTo("200 one\nt");
    assertThat(PlainClient.get(door, logs + "?tailLines=-1")).startsWith("400 tailLines=-1");
    assertThat(PlainClient.get(door, "/containerLogs/default/debug/other"))
        .isEqualTo("404 container not found (\"other\")\n");
  }

  @Test
  void aLineThatHasNotEndedCounts() {
    assertThat(
            new String(
                Pages.tail("a\nb".getBytes(StandardCharsets.UTF_8), 1), StandardCharsets.UTF_8))
        .isEqualTo("b");
    assertThat(Pages.tail(new byte[0], 3)).isEmpty();
  }

  @Test
  void healthStatsAndMetricsAreThere() throws Exception {
    assertThat(PlainClient.get(door, "/healthz")).isEqualTo("200 ok");
    assertThat(PlainClient.get(door, "/stats/summary")).contains("\"nodeName\":\"w2-debug\"");
    assertThat(PlainClient.get(door, "/metrics")).contains("lifeline_kubelet_connections 1\n");
  }

  @Test
  void runAnswersWithWhatTheCommandSaid() throws Exception {
    String run = "/run/default/debug/debugger";
    assertThat(PlainClient.get(door, run + "?cmd=both")).isEqualTo("200 to stdout\nto stderr\n");
    assertThat(PlainClient.get(door, run + "?cmd=exit%203")).isEqualTo("500 ");
    assertThat(PlainClient.get(door, run + "?cmd=missing")).contains("500 exec: \"missing\"");
    assertThat(PlainClient.get(door, run)).isEqualTo("400 you must specify cmd\n");
    assertThat(PlainClient.get(door, run + "?cmd=generate%209000000")).startsWith("500 ");
    door.node.refuseSessions = "no more";
    assertThat(PlainClient.get(door, run + "?cmd=both")).isEqualTo("500 no more\n");
  }

  @Test
  void whoLeavesARunEndsItsProcess() throws Exception {
    PlainClient client =
        new PlainClient(
            door.address(),
            FakeNode.API_SERVER,
            HttpMethod.POST,
            "/run/default/debug/debugger?cmd=stuck");
    client.begin();
    Client.await("it runs", () -> !door.node.processes.isEmpty());
    client.close();
    Client.await("it was hung up", () -> door.node.process().hungUp());
  }
}

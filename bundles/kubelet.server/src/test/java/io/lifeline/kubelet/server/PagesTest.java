package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
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
  void healthStatsAndMetricsAreThere() throws Exception {
    door.rehearsed();
    // First: a connection that its client has closed is counted until the door has seen it.
    assertThat(PlainClient.get(door, "/metrics")).contains("lifeline_kubelet_connections 1\n");
    assertThat(PlainClient.get(door, "/healthz")).isEqualTo("200 ok");
    assertThat(PlainClient.get(door, "/healthz/ping")).isEqualTo("200 ok");
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
  void aProbeThatWantsNoBodyIsAnsweredOnTheHealthPage() throws Exception {
    for (String page : new String[] {"/healthz", "/healthz/ping"}) {
      assertThat(head(page).status().code()).isEqualTo(200);
      assertThat(head(page).content().readableBytes()).isZero();
    }
    assertThat(head("/pods").status().code()).isEqualTo(405);
  }

  private FullHttpResponse head(String page) throws Exception {
    try (PlainClient client =
        new PlainClient(door.address(), FakeNode.API_SERVER, HttpMethod.HEAD, page)) {
      return client.send();
    }
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

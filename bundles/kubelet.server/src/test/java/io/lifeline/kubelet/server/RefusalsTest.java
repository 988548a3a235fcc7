package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.security.api.Access;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is let in, and what is answered to who is not. */
@Timeout(30)
class RefusalsTest {

  private static final String EXEC = "/exec/default/debug/debugger?command=cat&output=1";

  private OpenDoor door;

  @BeforeEach
  void open() throws Exception {
    door = new OpenDoor(Map.of());
  }

  @AfterEach
  void close() {
    door.close();
  }

  private FullHttpResponse ask(TestCertificates certificate, HttpMethod method, String uri)
      throws Exception {
    try (PlainClient client = new PlainClient(door.address(), certificate, method, uri)) {
      return client.send();
    }
  }

  private String spdy(TestCertificates certificate, String uri) throws Exception {
    try (SpdyClient client = new SpdyClient(door.address(), certificate, uri)) {
      client.header("X-Stream-Protocol-Version", "v4.channel.k8s.io");
      return PlainClient.text(client.send());
    }
  }

  @Test
  void nobodyWithoutAProofGetsIn() throws Exception {
    for (String uri : new String[] {EXEC, "/pods", "/healthz", "/nothing"}) {
      assertThat(ask(null, HttpMethod.GET, uri).status().code()).isEqualTo(401);
      assertThat(ask(FakeNode.STRANGER, HttpMethod.GET, uri).status().code()).isEqualTo(401);
    }
    assertThat(spdy(null, EXEC)).startsWith("401");
    assertThat(door.node.processes).isEmpty();
  }

  @Test
  void anUnknownTokenIsNoProof() throws Exception {
    try (PlainClient client = new PlainClient(door.address(), null, HttpMethod.GET, "/healthz")) {
      client.header("Authorization", "Bearer guessed");
      assertThat(client.send().status().code()).isEqualTo(401);
    }
  }

  @Test
  void whoMayOnlyReadMayNotExecByGet() throws Exception {
    try (ChannelClient client = new ChannelClient(door.address(), null, EXEC)) {
      client.header("Authorization", "Bearer reader-token");
      client.header("Sec-WebSocket-Protocol", "v5.channel.k8s.io");
      assertThat(PlainClient.text(client.send()))
          .isEqualTo(
              "403 Forbidden (user=reader, verb=create, resource=nodes, subresource=proxy): only"
                  + " reading\n");
    }
    try (PlainClient client = new PlainClient(door.address(), null, HttpMethod.GET, "/pods")) {
      client.header("Authorization", "Bearer reader-token");
      assertThat(client.send().status().code()).isEqualTo(200);
    }
  }

  @Test
  void eachRouteAsksForItsOwnRight() throws Exception {
    for (String uri :
        new String[] {
          EXEC,
          "/attach/default/debug/debugger",
          "/run/default/debug/debugger",
          "/portForward/default/debug",
          "/containerLogs/default/debug/debugger",
          "/stats/summary",
          "/metrics",
          "/pods"
        }) {
      ask(FakeNode.API_SERVER, HttpMethod.GET, uri);
    }
    Access create = new Access("create", "proxy");
    Access get = new Access("get", "proxy");
    assertThat(door.node.asked)
        .containsExactly(
            create,
            create,
            create,
            create,
            get,
            new Access("get", "stats"),
            new Access("get", "metrics"),
            get);
  }

  @Test
  void anAbsentCheckerIsANoThatNamesIt() throws Exception {
    door.seams.authorizer().unbind(door.node);
    assertThat(spdy(FakeNode.API_SERVER, EXEC))
        .startsWith("403")
        .contains("no Authorizer is there", "io.lifeline.security.delegated");
    door.seams.authenticator().unbind(door.node);
    assertThat(spdy(FakeNode.API_SERVER, EXEC))
        .startsWith("401")
        .contains("no Authenticator is there", "io.lifeline.security.delegated");
  }

  @Test
  void anAbsentRoomIsNamed() throws Exception {
    door.seams.sessions().unbind(door.node);
    assertThat(spdy(FakeNode.API_SERVER, EXEC)).startsWith("503").contains("SessionEngine");
    door.seams.pods().unbind(door.node);
    assertThat(spdy(FakeNode.API_SERVER, EXEC)).startsWith("503").contains("DebugPods");
    door.seams.pods().bind(door.node);
    door.seams.sessions().bind(door.node);
    door.seams.protocols().clear();
    assertThat(spdy(FakeNode.API_SERVER, EXEC)).startsWith("503").contains("StreamingProtocol");
  }

  @Test
  void whatIsNotThereIsAnsweredInTheKubeletsWords() throws Exception {
    assertThat(spdy(FakeNode.API_SERVER, "/exec/default/other/debugger?command=cat&output=1"))
        .isEqualTo("404 pod does not exist\n");
    assertThat(spdy(FakeNode.API_SERVER, "/exec/default/debug/u-2/debugger?command=cat&output=1"))
        .isEqualTo("404 pod does not exist\n");
    assertThat(spdy(FakeNode.API_SERVER, "/exec/default/debug/side?command=cat&output=1"))
        .isEqualTo("404 container not found (\"side\")\n");
    assertThat(spdy(FakeNode.API_SERVER, "/portForward/default/other"))
        .isEqualTo("404 pod does not exist\n");
    assertThat(PlainClient.get(door, "/etc/passwd")).isEqualTo("404 404 page not found\n");
  }

  @Test
  void streamsThatDoNotFitAreABadRequest() throws Exception {
    assertThat(spdy(FakeNode.API_SERVER, EXEC + "&error=1&tty=1")).startsWith("400 tty and stderr");
    assertThat(spdy(FakeNode.API_SERVER, "/exec/default/debug/debugger?command=cat"))
        .isEqualTo("400 you must specify at least 1 of stdin, stdout, stderr\n");
    assertThat(spdy(FakeNode.API_SERVER, "/exec/default/debug/debugger?output=1"))
        .isEqualTo("400 you must specify a command\n");
  }

  @Test
  void anUnknownProtocolIsAnsweredWithTheKnownOnes() throws Exception {
    assertThat(PlainClient.get(door, EXEC))
        .startsWith("400 unable to upgrade: missing upgrade headers")
        .contains("[SPDY/3.1, websocket]");
    try (SpdyClient client = new SpdyClient(door.address(), FakeNode.API_SERVER, EXEC)) {
      FullHttpResponse response =
          client.header("X-Stream-Protocol-Version", "v9.channel.k8s.io").send();
      assertThat(PlainClient.text(response))
          .startsWith("403 unable to upgrade: unable to negotiate protocol")
          .contains("v4.channel.k8s.io");
      assertThat(response.headers().getAll("X-Accepted-Stream-Protocol-Versions"))
          .contains("v4.channel.k8s.io", "channel.k8s.io");
    }
    try (SpdyClient client = new SpdyClient(door.address(), FakeNode.API_SERVER, EXEC)) {
      assertThat(PlainClient.text(client.send()))
          .isEqualTo("400 unable to upgrade: X-Stream-Protocol-Version is required\n");
    }
    try (ChannelClient client = new ChannelClient(door.address(), FakeNode.API_SERVER, EXEC)) {
      assertThat(
              PlainClient.text(client.header("Sec-WebSocket-Protocol", "v9.channel.k8s.io").send()))
          .startsWith("403")
          .contains("v5.channel.k8s.io");
    }
  }

  @Test
  void aMethodThatAPathDoesNotKnowIs405() throws Exception {
    assertThat(ask(FakeNode.API_SERVER, HttpMethod.POST, "/pods").status().code()).isEqualTo(405);
    assertThat(ask(FakeNode.API_SERVER, HttpMethod.DELETE, EXEC).status().code()).isEqualTo(405);
  }

  @Test
  void refusalsAreCounted() throws Exception {
    ask(null, HttpMethod.GET, "/pods");
    assertThat(PlainClient.get(door, "/metrics"))
        .contains("lifeline_kubelet_refusals_total{status=\"401\"} 1");
  }
}

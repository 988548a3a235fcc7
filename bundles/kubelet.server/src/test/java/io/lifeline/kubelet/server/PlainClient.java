package io.lifeline.kubelet.server;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A client that asks for no upgrade. */
final class PlainClient extends Client {

  PlainClient(
      InetSocketAddress address, TestCertificates certificate, HttpMethod method, String uri)
      throws Exception {
    super(address, certificate, method, uri);
  }

  static String get(OpenDoor door, String uri) throws Exception {
    try (PlainClient client =
        new PlainClient(door.address(), FakeNode.API_SERVER, HttpMethod.GET, uri)) {
      return text(client.send());
    }
  }

  static String text(FullHttpResponse response) {
    return response.status().code() + " " + response.content().toString(StandardCharsets.UTF_8);
  }

  @Override
  void upgrade(ChannelPipeline pipeline) {
    throw new AssertionError("an upgrade nobody asked for");
  }
}

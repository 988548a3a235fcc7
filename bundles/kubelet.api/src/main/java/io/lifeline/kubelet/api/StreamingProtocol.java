package io.lifeline.kubelet.api;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Takes over a connection that asked to be upgraded, after its caller was authenticated and
 * authorised. A service; the server asks each in turn.
 */
public interface StreamingProtocol {

  /** Whether this request asks for an upgrade that this protocol speaks. */
  boolean speaks(HttpRequest request);

  /**
   * Answers the request and takes the pipeline over. Called on the channel's event loop; must not
   * block it. Refusals (a bad combination of streams, an unknown subprotocol) are answered here.
   */
  void takeOver(ChannelHandlerContext context, HttpRequest request, StreamTarget target);
}

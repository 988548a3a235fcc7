package io.lifeline.kubelet.api;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Takes over a connection that asked to be upgraded, after its caller was authenticated and
 * authorised. A service; the server asks each in turn.
 */
public interface StreamingProtocol {

  /** The value of the Upgrade header it answers to: {@code SPDY/3.1}, {@code websocket}. */
  String upgrade();

  /**
   * Goes through a connection that does not exist, so that the first real one need not wait for
   * classes to be loaded. Blocks; not for the event loop.
   */
  default void rehearse() {}

  /** Whether this request asks for an upgrade that this protocol speaks. */
  boolean speaks(HttpRequest request);

  /**
   * Answers the request and takes the pipeline over. Called on the channel's event loop; must not
   * block it. Refusals (an unknown subprotocol, a missing header) are answered here.
   *
   * <p>At the call the pipeline holds TLS, one {@code HttpServerCodec} and the handler of {@code
   * context}, which is the last; reading is off, and the request has been read to its end. The
   * protocol writes its answer through the codec, then either closes the connection or removes both
   * handlers, adds its own and turns reading on.
   */
  void takeOver(ChannelHandlerContext context, HttpRequest request, StreamTarget target);
}

package io.lifeline.kubelet.streaming;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stops and resumes the reading of a connection. While nothing is read, pings go unanswered and the
 * peer's close is not seen; so something is said from time to time. Event loop only.
 */
final class ReadHold {

  /**
   * kubectl gives up after 61 seconds without a sign of life. And a client that has gone is noticed
   * at the third word to it: it goes to the API server, whose own word to the client must fail
   * first.
   */
  private static final int SECONDS = 5;

  private final ChannelHandlerContext context;
  private final Runnable keepAlive;
  private @Nullable Future<?> timer;

  /**
   * @param keepAlive says something that the peer must answer or ignore
   */
  ReadHold(ChannelHandlerContext context, Runnable keepAlive) {
    this.context = context;
    this.keepAlive = keepAlive;
  }

  void hold() {
    if (timer == null) {
      context.channel().config().setAutoRead(false);
      timer = context.executor().scheduleAtFixedRate(keepAlive, SECONDS, SECONDS, TimeUnit.SECONDS);
    }
  }

  void resume() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
      context.channel().config().setAutoRead(true);
    }
  }
}

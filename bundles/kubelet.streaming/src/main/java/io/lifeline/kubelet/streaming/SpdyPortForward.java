package io.lifeline.kubelet.streaming;

import io.lifeline.kubelet.api.StreamTarget.PortForward;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyHeaders;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Port-forward over SPDY: for each connection at the client's side a pair of streams, error and
 * data, that belong together by {@code requestid}. Event loop only.
 */
final class SpdyPortForward extends SpdyConnection {

  static final String PROTOCOL = "portforward.k8s.io";

  private static final Logger LOG = LoggerFactory.getLogger(SpdyPortForward.class);

  private final PortForward target;
  private final Map<String, ForwardedPort> pairs = new HashMap<>();
  private final Map<Integer, ForwardedPort> streams = new HashMap<>();
  private final Set<ForwardedPort> full = new HashSet<>();
  private final ReadHold reading;

  SpdyPortForward(ChannelHandlerContext codec, StreamingSettings settings, PortForward target) {
    super(codec, settings);
    this.target = target;
    this.reading = new ReadHold(codec, this::keepAlive);
  }

  @Override
  void opened(SpdySynStreamFrame frame) {
    SpdyHeaders headers = frame.headers();
    String type = String.valueOf(headers.getAsString("streamtype"));
    int port = port(headers.getAsString("port"));
    if (port < 1 || !(type.equals("error") || type.equals("data"))) {
      refuse(
          frame.streamId(),
          SpdyStreamStatus.PROTOCOL_ERROR,
          "a stream of type %s for port %s".formatted(type, headers.getAsString("port")));
      return;
    }
    String request = request(headers.getAsString("requestid"), frame.streamId(), type);
    ForwardedPort pair = pairs.get(request);
    if (pair == null) {
      if (pairs.size() >= settings().forwards()) {
        refuse(
            frame.streamId(),
            SpdyStreamStatus.REFUSED_STREAM,
            "more than %d ports at once".formatted(settings().forwards()));
        return;
      }
      pair = new ForwardedPort(this, target.pod(), request, port);
      pairs.put(request, pair);
    }
    if (!pair.add(type.equals("data"), frame.streamId())) {
      refuse(frame.streamId(), SpdyStreamStatus.PROTOCOL_ERROR, "a second stream " + type);
      return;
    }
    streams.put(frame.streamId(), pair);
    send(SpdyFrames.reply(frame.streamId()));
    pair.connectWhenComplete();
  }

  private static int port(@Nullable String text) {
    try {
      int port = text == null ? 0 : Integer.parseInt(text);
      return port <= 65535 ? port : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Clients from before requestid open error and data one right after the other. */
  private static String request(@Nullable String id, int stream, String type) {
    return id != null ? id : "stream " + (type.equals("data") ? stream - 2 : stream);
  }

  private void refuse(int stream, SpdyStreamStatus status, String why) {
    LOG.warn("Refused a stream of {}: {}", context().channel().remoteAddress(), why);
    send(new DefaultSpdyRstStreamFrame(stream, status));
  }

  @Override
  void data(SpdyDataFrame frame) {
    ForwardedPort pair = streams.get(frame.streamId());
    if (pair != null) {
      pair.fromClient(frame.streamId(), frame.content().retain(), frame.isLast());
    }
  }

  @Override
  void reset(SpdyRstStreamFrame frame) {
    ForwardedPort pair = streams.get(frame.streamId());
    if (pair != null) {
      pair.close();
    }
  }

  @Override
  void writabilityChanged() {
    boolean writable = context().channel().isWritable();
    streams.values().forEach(pair -> pair.readFromPort(writable));
  }

  @Override
  void lost() {
    List.copyOf(pairs.values()).forEach(ForwardedPort::close);
  }

  /** Called by a pair whose port does not take what the client sends, and again when it does. */
  void takes(ForwardedPort pair, boolean takes) {
    if (takes ? full.remove(pair) : full.add(pair)) {
      if (full.isEmpty()) {
        reading.resume();
      } else {
        reading.hold();
      }
    }
  }

  /** Called by a pair that is over. */
  void over(ForwardedPort pair) {
    pairs.remove(pair.request(), pair);
    streams.values().removeIf(pair::equals);
    takes(pair, true);
  }

  private void keepAlive() {
    send(new DefaultSpdyPingFrame(2));
    context().flush();
  }
}

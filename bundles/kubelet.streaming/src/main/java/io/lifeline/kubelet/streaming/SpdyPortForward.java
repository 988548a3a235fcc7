package io.lifeline.kubelet.streaming;

import io.lifeline.kubelet.api.StreamTarget.PortForward;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Port-forward over SPDY: for each connection at the client's side a pair of streams, error and
 * data, that belong together by {@code requestid}. Event loop only.
 */
class SpdyPortForward extends SpdyConnection implements PortClient {

  static final String PROTOCOL = "portforward.k8s.io";

  private final PortForward target;
  private final Map<String, ForwardedPort> pairs = new HashMap<>();
  private final Map<Integer, ForwardedPort> streams = new HashMap<>();
  private final SlowPorts slow;

  SpdyPortForward(ChannelHandlerContext front, StreamingSettings settings, PortForward target) {
    super(front, settings);
    this.target = target;
    this.slow = new SlowPorts(front, this::sayPing);
  }

  @Override
  void stream(int stream, Map<String, String> headers, boolean last) {
    String type = headers.getOrDefault("streamtype", "");
    String toPort = headers.getOrDefault("port", "");
    int port = port(toPort);
    if (port < 1 || !(type.equals("error") || type.equals("data"))) {
      refuse(
          stream,
          SpdyFrames.PROTOCOL_ERROR,
          "a stream of type '%s' for port '%s'".formatted(type, toPort));
      return;
    }
    String request = request(headers, stream, type);
    ForwardedPort pair = pairs.get(request);
    if (pair == null) {
      if (pairs.size() >= settings().forwards()) {
        refuse(
            stream,
            SpdyFrames.REFUSED_STREAM,
            "more than %d ports at once".formatted(settings().forwards()));
        return;
      }
      pair = new ForwardedPort(this, target.pod(), request, port);
      pairs.put(request, pair);
    }
    if (!pair.add(type.equals("data"), stream)) {
      refuse(stream, SpdyFrames.PROTOCOL_ERROR, "a second stream of type " + type);
      return;
    }
    streams.put(stream, pair);
    accept(stream);
    pair.connectWhenComplete();
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      return port <= 65535 ? port : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Clients from before requestid open error and data one right after the other. */
  private static String request(Map<String, String> headers, int stream, String type) {
    String first = "stream " + (type.equals("data") ? stream - 2 : stream);
    return headers.getOrDefault("requestid", first);
  }

  @Override
  public void data(int stream, ByteBuf part, boolean last) {
    ForwardedPort pair = streams.get(stream);
    if (pair != null) {
      pair.fromClient(stream, part.retain(), last);
    }
  }

  @Override
  public void reset(int stream) {
    ForwardedPort pair = streams.get(stream);
    if (pair != null) {
      pair.close();
    }
  }

  @Override
  void writabilityChanged() {
    boolean writable = out().channel().isWritable();
    streams.values().forEach(pair -> pair.readFromPort(writable));
  }

  @Override
  void lost() {
    List.copyOf(pairs.values()).forEach(ForwardedPort::close);
  }

  @Override
  public void write(int stream, ByteBuf bytes) {
    out()
        .write(
            SpdyFrames.header(out().alloc(), stream, bytes.readableBytes()), out().voidPromise());
    out().write(bytes, out().voidPromise());
  }

  @Override
  public void end(int data, int error) {
    out().write(SpdyFrames.fin(out().alloc(), data), out().voidPromise());
    out().writeAndFlush(SpdyFrames.fin(out().alloc(), error), out().voidPromise());
  }

  @Override
  public void takes(ForwardedPort pair, boolean takes) {
    slow.takes(pair, takes);
  }

  @Override
  public void over(ForwardedPort pair) {
    pairs.remove(pair.request(), pair);
    streams.values().removeIf(pair::equals);
    takes(pair, true);
  }
}

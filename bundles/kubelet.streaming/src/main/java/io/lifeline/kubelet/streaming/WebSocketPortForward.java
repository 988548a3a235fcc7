package io.lifeline.kubelet.streaming;

import io.lifeline.kubelet.api.StreamTarget.PortForward;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Port-forward over WebSocket without SPDY, as clients in other languages do it: one connection to
 * each port that the query names, with the channels 2n for its data and 2n + 1 for its error. A
 * channel begins with the port's number; it has no end of its own, the last port's is the
 * connection's. Event loop only.
 *
 * <p>Source: {@code cri-streaming/pkg/streaming/portforward/websocket.go} of Kubernetes.
 */
class WebSocketPortForward extends WebSocketConnection implements PortClient {

  /** A channel's number is a byte. */
  static final int MOST = 128;

  private static final int NEW_MESSAGE = -1;

  private final ChannelCoding coding;
  private final List<ForwardedPort> ports = new ArrayList<>();
  private final SlowPorts slow;
  private final Base64Stream base64 = new Base64Stream();
  private final Set<ForwardedPort> open;
  private int channel = NEW_MESSAGE;

  WebSocketPortForward(
      ChannelHandlerContext front,
      StreamingSettings settings,
      PortForward target,
      ChannelProtocol protocol) {
    super(front, settings);
    this.coding = protocol.coding();
    this.slow =
        new SlowPorts(front, () -> sendControl(WebSocketDecoder.PONG, Unpooled.EMPTY_BUFFER));
    for (int port : target.ports()) {
      int data = 2 * ports.size();
      ForwardedPort forwarded = new ForwardedPort(this, target.pod(), "port " + port, port);
      forwarded.add(true, data);
      forwarded.add(false, data + 1);
      ports.add(forwarded);
    }
    open = new HashSet<>(ports);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    // HTTP's codec is still in front, and would drop what is written.
    context.executor().execute(this::begin);
  }

  private void begin() {
    for (int i = 0; i < 2 * ports.size(); i++) {
      ByteBuffer number = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
      number.putShort(0, (short) ports.get(i / 2).port());
      out().write(coding.frame(out().alloc(), i, number), out().voidPromise());
    }
    out().flush();
    ports.forEach(ForwardedPort::connectWhenComplete);
  }

  @Override
  public void message(ByteBuf part, boolean first) {
    if (first) {
      channel = NEW_MESSAGE;
      base64.clear();
    }
    if (channel == NEW_MESSAGE && part.isReadable()) {
      channel = coding.channel(part.readUnsignedByte());
    }
    if (part.isReadable() && channel >= 0 && channel / 2 < ports.size()) {
      ByteBuf bytes =
          coding == ChannelCoding.BASE64 ? base64.decode(out().alloc(), part) : part.retain();
      ports.get(channel / 2).fromClient(channel, bytes, false);
    }
  }

  @Override
  public void write(int stream, ByteBuf bytes) {
    try {
      for (ByteBuffer left = bytes.nioBuffer(); left.hasRemaining(); ) {
        out().write(coding.frame(out().alloc(), stream, left), out().voidPromise());
      }
    } finally {
      bytes.release();
    }
  }

  @Override
  public void end(int data, int error) {
    out().flush();
  }

  @Override
  public void takes(ForwardedPort port, boolean takes) {
    slow.takes(port, takes);
  }

  @Override
  public void over(ForwardedPort port) {
    takes(port, true);
    if (open.remove(port) && open.isEmpty() && out().channel().isActive()) {
      goodbye(WebSocketFrames.NORMAL);
    }
  }

  @Override
  void writabilityChanged() {
    boolean writable = out().channel().isWritable();
    ports.forEach(port -> port.readFromPort(writable));
  }

  @Override
  void lost() {
    List.copyOf(open).forEach(ForwardedPort::close);
  }
}

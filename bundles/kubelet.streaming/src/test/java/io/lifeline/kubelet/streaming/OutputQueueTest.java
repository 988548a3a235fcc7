package io.lifeline.kubelet.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What TLS gets to cut into records at once. */
class OutputQueueTest {

  private static final int RECORDS = 4 * 16 * 1024;

  private final List<Integer> flushed = new ArrayList<>();
  private final EmbeddedChannel channel = new EmbeddedChannel(new Flushes());
  private final OutputQueue queue = new OutputQueue(front());

  private ChannelHandlerContext front() {
    Front front = new Front();
    channel.pipeline().addLast(front);
    return channel.pipeline().context(front);
  }

  @Test
  void shortFramesThatHaveGatheredAreFlushedAtOnce() throws IOException {
    add(100, 20, 3);
    assertThat(flushed).containsExactly(123);
  }

  @Test
  void aLongFrameIsFlushedByItselfInItsPlace() throws IOException {
    add(100, 20, RECORDS, RECORDS, 3, 4);
    assertThat(flushed).containsExactly(120, RECORDS, RECORDS, 7);
  }

  @Test
  void aFrameOfManyBytesFillsWholeRecordsInEachProtocol() {
    ByteBufAllocator allocator = channel.alloc();
    ByteBuffer many = ByteBuffer.allocate(RECORDS);
    for (ByteBuf frame :
        List.of(
            SpdyFrames.data(allocator, 5, many.duplicate()),
            ChannelCoding.BINARY.frame(allocator, StreamName.STDOUT.channel(), many.duplicate()))) {
      assertThat(frame.readableBytes()).isEqualTo(RECORDS);
      frame.release();
    }
    ByteBuf text =
        ChannelCoding.BASE64.frame(allocator, StreamName.STDOUT.channel(), many.duplicate());
    assertThat(text.readableBytes()).isBetween(RECORDS - 4, RECORDS);
    text.release();
  }

  private void add(int... lengths) throws IOException {
    for (int length : lengths) {
      queue.add(Unpooled.wrappedBuffer(new byte[length]));
    }
    channel.runPendingTasks();
    channel.releaseOutbound();
  }

  private final class Flushes extends ChannelOutboundHandlerAdapter {

    private int bytes;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      bytes += ((ByteBuf) message).readableBytes();
      context.write(message, promise);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
      if (bytes > 0) {
        flushed.add(bytes);
        bytes = 0;
      }
      context.flush();
    }
  }
}

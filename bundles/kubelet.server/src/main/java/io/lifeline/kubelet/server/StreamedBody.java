package io.lifeline.kubelet.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way through a channel: what the channel has not sent yet is bounded by its water
 * marks, and one chunk more.
 */
final class StreamedBody implements BodyWriter {

  private static final int CHUNK = 16 * 1024;

  private final ChannelHandlerContext context;
  private final boolean inChunks;
  private @Nullable ByteBuf chunk;
  private volatile boolean begun;
  private boolean gone;

  StreamedBody(ChannelHandlerContext context, HttpVersion version) {
    this.context = context;
    this.inChunks = isInChunks(version);
  }

  /** Who speaks HTTP/1.0 knows of no chunks: the connection's end is the body's. */
  static boolean isInChunks(HttpVersion version) {
    return version.isKeepAliveDefault();
  }

  @Override
  public void begin(Head wanted) {
    if (!begun) {
      begun = true;
      HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, wanted.status());
      head.headers().set(HttpHeaderNames.CONTENT_TYPE, wanted.type());
      wanted.more().forEach(head.headers()::set);
      if (inChunks) {
        head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      } else {
        head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      }
      context.writeAndFlush(head);
    }
  }

  /** Whether something of the answer is on its way. */
  boolean isBegun() {
    return begun;
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException, InterruptedException {
    while (bytes.hasRemaining()) {
      ByteBuf room = chunk == null ? context.alloc().buffer(CHUNK, CHUNK) : chunk;
      chunk = room;
      int count = Math.min(room.writableBytes(), bytes.remaining());
      room.writeBytes(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      if (!room.isWritable()) {
        flush();
      }
    }
  }

  @Override
  public void flush() throws IOException, InterruptedException {
    ByteBuf full = chunk;
    chunk = null;
    if (full != null) {
      context.writeAndFlush(new DefaultHttpContent(full));
    }
    awaitRoom();
  }

  private synchronized void awaitRoom() throws IOException, InterruptedException {
    while (!gone && !context.channel().isWritable()) {
      wait();
    }
    if (gone) {
      throw new ClosedChannelException();
    }
  }

  /** The channel has room, or is gone. Event loop. */
  synchronized void changed() {
    gone |= !context.channel().isActive();
    notifyAll();
  }

  /** What was not sent is dropped. The answer's thread, at its end. */
  void drop() {
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
  }
}

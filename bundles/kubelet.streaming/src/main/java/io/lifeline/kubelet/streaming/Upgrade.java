package io.lifeline.kubelet.streaming;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateHandler;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers to a request for an upgrade, and what is common to every upgraded connection. */
final class Upgrade {

  private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);

  private Upgrade() {}

  /** Whether the request asks for this upgrade; names are compared without case. */
  static boolean wants(HttpRequest request, String upgrade) {
    return request.headers().containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)
        && request.headers().containsValue(HttpHeaderNames.UPGRADE, upgrade, true);
  }

  /** The items of a header that may be a list, or come several times, or both. */
  static List<String> items(HttpRequest request, CharSequence header) {
    return request.headers().getAll(header).stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  /** A 101 without its protocol's own headers. */
  static FullHttpResponse switching(String upgrade) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
    response
        .headers()
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.UPGRADE, upgrade);
    return response;
  }

  /**
   * Sends the 101 and leaves TLS alone in the pipeline; the caller adds what follows, then calls
   * {@link #ready}.
   */
  static void accept(
      ChannelHandlerContext context, FullHttpResponse response, StreamingSettings settings) {
    ChannelPipeline pipeline = context.pipeline();
    context.writeAndFlush(response);
    context.channel().config().setWriteBufferWaterMark(settings.waterMarks());
    pipeline.addLast(
        new IdleStateHandler(true, 0, 0, settings.idle().toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Hands what has been read already to the new handlers, and reads on. */
  static void ready(ChannelHandlerContext context) {
    ChannelPipeline pipeline = context.pipeline();
    pipeline.remove(context.handler());
    pipeline.remove(HttpServerCodec.class);
    context.channel().config().setAutoRead(true);
  }

  /** Says no, with a reason that the person at kubectl sees, and closes. */
  static void refuse(
      ChannelHandlerContext context, HttpResponseStatus status, HttpHeaders headers, String why) {
    LOG.warn("Refused an upgrade from {}: {}", context.channel().remoteAddress(), why);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            Unpooled.copiedBuffer(why + "\n", StandardCharsets.UTF_8));
    response
        .headers()
        .set(headers)
        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}

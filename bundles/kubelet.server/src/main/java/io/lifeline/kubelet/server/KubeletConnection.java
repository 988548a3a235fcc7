package io.lifeline.kubelet.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of the kubelet API until it is upgraded: one request after another, each with a
 * time limit. Event loop only, but for the answering, which may block.
 */
final class KubeletConnection extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(KubeletConnection.class);

  /** No request here has a body that is used; a longer one is not waited for. */
  private static final int MOST_BODY = 65536;

  /** How long a connection of a replaced instance waits for one more request. */
  private static final Duration LAST_REQUEST = Duration.ofSeconds(3);

  private final KubeletApi api;
  private final Caller caller;
  private final ServerSettings settings;
  private final Refusals refusals;
  private final Executor executor;
  private final ExecutorService streams;
  private final Runnable proved;
  private @Nullable HttpRequest request;
  private @Nullable Runnable abandon;
  private @Nullable StreamedBody streaming;
  private io.netty.util.concurrent.@Nullable Future<?> deadline;
  private boolean answering;
  private boolean leaving;
  private int body;

  /**
   * @param executor answers, each in a moment
   * @param streams writes bodies, each for as long as it lasts
   * @param proved run when the caller has proved who he is, or has gone; several times
   */
  KubeletConnection(
      KubeletApi api,
      Caller caller,
      ServerSettings settings,
      Refusals refusals,
      Executor executor,
      ExecutorService streams,
      Runnable proved) {
    this.api = api;
    this.caller = caller;
    this.settings = settings;
    this.refusals = refusals;
    this.executor = executor;
    this.streams = streams;
    this.proved = proved;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    limit(context, settings.header());
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof HttpRequest head) {
        begin(context, head);
      }
      if (message instanceof HttpContent content && request != null && !answering) {
        body += content.content().readableBytes();
        if (body > MOST_BODY) {
          refuse(
              context,
              request,
              HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
              "the body is too long");
        } else if (message instanceof LastHttpContent) {
          answer(context, request);
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest head) {
    if (answering) {
      // Nobody who calls a kubelet sends a request before the last is answered.
      context.close();
      return;
    }
    request = head;
    body = 0;
    limit(context, settings.header());
    if (head.decoderResult().isFailure()) {
      Throwable cause = head.decoderResult().cause();
      refuse(context, head, status(cause), "not a request that can be read: " + cause.getMessage());
    } else if (HttpUtil.is100ContinueExpected(head)) {
      // A body that waits for our word is not wanted; whether it comes all the same nobody knows.
      leaving = true;
      answer(context, head);
    }
  }

  private static HttpResponseStatus status(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return HttpResponseStatus.REQUEST_URI_TOO_LONG;
    }
    return cause instanceof TooLongHttpHeaderException
        ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        : HttpResponseStatus.BAD_REQUEST;
  }

  private void answer(ChannelHandlerContext context, HttpRequest complete) {
    answering = true;
    unlimit();
    context.channel().config().setAutoRead(false);
    try {
      executor.execute(() -> decide(context, complete));
    } catch (RejectedExecutionException e) {
      refuse(
          context,
          complete,
          HttpResponseStatus.SERVICE_UNAVAILABLE,
          "too many requests are being answered: try again");
    }
  }

  /** On a thread that may block. */
  private void decide(ChannelHandlerContext context, HttpRequest complete) {
    try {
      Answer answer = api.answer(complete, caller);
      context.executor().execute(() -> give(context, complete, answer));
    } catch (RefusedException e) {
      context
          .executor()
          .execute(() -> refuse(context, complete, e.status(), String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      LOG.error("The request {} failed; this is a defect", path(complete), e);
      context
          .executor()
          .execute(
              () ->
                  refuse(
                      context,
                      complete,
                      HttpResponseStatus.INTERNAL_SERVER_ERROR,
                      "the request failed; the agent's log says why"));
    }
  }

  private void give(ChannelHandlerContext context, HttpRequest complete, Answer answer) {
    proved.run();
    if (!context.channel().isActive()) {
      return;
    }
    if (answer instanceof Answer.HandOver handOver) {
      handOver.protocol().takeOver(context, complete, handOver.target());
    } else if (answer instanceof Answer.Whole whole) {
      write(context, whole, HttpUtil.isKeepAlive(complete));
    } else if (answer instanceof Answer.Later later) {
      wait(context, complete, later);
    } else if (answer instanceof Answer.Streamed streamed) {
      stream(context, complete, streamed);
    }
  }

  private void stream(
      ChannelHandlerContext context, HttpRequest complete, Answer.Streamed streamed) {
    StreamedBody body = new StreamedBody(context, complete.protocolVersion());
    Future<?> writing;
    try {
      writing = streams.submit(() -> writeBody(context, complete, streamed, body));
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      refuse(
          context,
          complete,
          HttpResponseStatus.SERVICE_UNAVAILABLE,
          "too many answers are being streamed: end one, or try again");
      return;
    }
    streaming = body;
    abandon = () -> writing.cancel(true);
    // Read on, so that a caller who goes is noticed.
    context.channel().config().setAutoRead(true);
  }

  /** On a thread of its own. */
  private void writeBody(
      ChannelHandlerContext context,
      HttpRequest complete,
      Answer.Streamed streamed,
      StreamedBody body) {
    boolean whole = false;
    try {
      streamed.body().writeTo(body);
      body.flush();
      whole = body.isBegun();
    } catch (RefusedException e) {
      if (!body.isBegun()) {
        context.executor().execute(() -> refuseBody(context, complete, e));
        return;
      }
      LOG.debug("The answer to {} broke off", path(complete), e);
    } catch (IOException | InterruptedException e) {
      if (!body.isBegun()) {
        String why = "the worker's files cannot be read: " + e.getMessage();
        RefusedException refusal =
            new RefusedException(HttpResponseStatus.INTERNAL_SERVER_ERROR, why);
        context.executor().execute(() -> refuseBody(context, complete, refusal));
        return;
      }
      LOG.debug("The answer to {} broke off", path(complete), e);
    } catch (RuntimeException e) {
      LOG.error("The answer to {} failed; this is a defect", path(complete), e);
    }
    body.drop();
    boolean ended = whole;
    context.executor().execute(() -> endBody(context, complete, ended));
  }

  private void refuseBody(
      ChannelHandlerContext context, HttpRequest complete, RefusedException refusal) {
    streaming = null;
    abandon = null;
    refuse(context, complete, refusal.status(), String.valueOf(refusal.getMessage()));
  }

  private void endBody(ChannelHandlerContext context, HttpRequest complete, boolean whole) {
    streaming = null;
    abandon = null;
    if (!whole) {
      // Without the last chunk: the caller must not take what came for all of it.
      context.close();
      return;
    }
    next(
        context,
        context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT),
        HttpUtil.isKeepAlive(complete) && StreamedBody.isInChunks(complete.protocolVersion()));
  }

  private void wait(ChannelHandlerContext context, HttpRequest complete, Answer.Later later) {
    abandon = later.abandon();
    // Read on, so that a caller who goes is noticed.
    context.channel().config().setAutoRead(true);
    later
        .whole()
        .thenAccept(
            whole ->
                context
                    .executor()
                    .execute(
                        () -> {
                          abandon = null;
                          write(context, whole, HttpUtil.isKeepAlive(complete));
                        }));
  }

  private void write(ChannelHandlerContext context, Answer.Whole whole, boolean keepAlive) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, whole.status(), Unpooled.wrappedBuffer(whole.body()));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, whole.type())
        .setInt(HttpHeaderNames.CONTENT_LENGTH, whole.body().length);
    if (!keepAlive || leaving) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    next(context, context.writeAndFlush(response), keepAlive);
  }

  /** The next request may come, or the connection ends. */
  private void next(ChannelHandlerContext context, ChannelFuture written, boolean keepAlive) {
    if (keepAlive && !leaving) {
      answering = false;
      request = null;
      limit(context, settings.keepAlive());
      context.channel().config().setAutoRead(true);
    } else {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void refuse(
      ChannelHandlerContext context, HttpRequest refused, HttpResponseStatus status, String why) {
    answering = true;
    if (caller.isKnown()) {
      proved.run();
    }
    refusals.refused(context.channel().remoteAddress(), status.code(), path(refused), why);
    // A refused caller may go on on the same connection only where the request was read whole.
    boolean keepAlive = refused.decoderResult().isSuccess() && body <= MOST_BODY;
    write(
        context,
        Answer.Whole.text(status, why),
        keepAlive
            && HttpUtil.isKeepAlive(refused)
            && !refused.headers().contains(HttpHeaderNames.UPGRADE));
  }

  private static String path(HttpRequest request) {
    String uri = request.uri();
    int query = uri.indexOf('?');
    String path = query < 0 ? uri : uri.substring(0, query);
    return request.method() + " " + (path.length() > 300 ? path.substring(0, 300) + "…" : path);
  }

  /** From now on the next request must be whole within this time. */
  private void limit(ChannelHandlerContext context, Duration time) {
    unlimit();
    deadline =
        context.executor().schedule(() -> context.close(), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void unlimit() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /** This instance is being replaced: a request that has begun is answered, the next goes to it. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == KubeletListener.LEAVING) {
      leaving = true;
      if (request == null && !answering) {
        // Not at once: the next request may be on its way, and would be reset.
        limit(context, LAST_REQUEST);
      }
      return;
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (streaming != null) {
      streaming.changed();
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (streaming != null) {
      streaming.changed();
      streaming = null;
    }
    if (abandon != null) {
      abandon.run();
      abandon = null;
    }
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    unlimit();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("A connection from {} failed", context.channel().remoteAddress(), cause);
    context.close();
  }
}

package io.lifeline.kubelet.streaming;

import io.lifeline.config.Settings;
import io.lifeline.kubelet.api.StreamTarget;
import io.lifeline.kubelet.api.StreamTarget.PortForward;
import io.lifeline.kubelet.api.StreamTarget.RemoteCommand;
import io.lifeline.kubelet.api.StreamingProtocol;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/**
 * WebSocket (RFC 6455), which reaches a node that declares {@code ExtendWebSocketsToKubelet}
 * unchanged from kubectl, and from whoever calls the node's proxy himself.
 */
@Component(
    configurationPid = StreamingSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class WebSocketStreaming implements StreamingProtocol {

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String VERSION = "13";

  /** What a port-forward may be spoken in. */
  private static final List<String> FORWARD =
      Stream.concat(Stream.of(WebSocketTunnel.PROTOCOL), ChannelProtocol.knownForward().stream())
          .toList();

  private final StreamingSettings settings;

  @Activate
  public WebSocketStreaming(Map<String, ?> properties) {
    this(StreamingSettings.of(Settings.of(StreamingSettings.PID, properties)));
  }

  WebSocketStreaming(StreamingSettings settings) {
    this.settings = settings;
  }

  @Override
  public String upgrade() {
    return "websocket";
  }

  @Override
  public void rehearse() {
    Rehearsal.webSocket(settings);
  }

  @Override
  public boolean speaks(HttpRequest request) {
    return Upgrade.wants(request, upgrade());
  }

  @Override
  public void takeOver(ChannelHandlerContext context, HttpRequest request, StreamTarget target) {
    String key = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    List<String> wanted = Upgrade.items(request, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    if (key == null
        || !request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION, true)) {
      HttpHeaders headers =
          new DefaultHttpHeaders().set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
      Upgrade.refuse(
          context,
          HttpResponseStatus.BAD_REQUEST,
          headers,
          "unable to upgrade: a WebSocket needs Sec-WebSocket-Key and Sec-WebSocket-Version: 13");
    } else if (target instanceof RemoteCommand command) {
      ChannelProtocol.negotiate(wanted)
          .ifPresentOrElse(
              protocol -> remoteCommand(context, answer(key, wanted, protocol), command, protocol),
              () -> refuse(context, wanted, ChannelProtocol.known()));
    } else if (target instanceof PortForward forward) {
      if (wanted.contains(WebSocketTunnel.PROTOCOL)) {
        tunnel(context, answer(key, WebSocketTunnel.PROTOCOL), forward);
      } else {
        ChannelProtocol.negotiateForward(wanted)
            .ifPresentOrElse(
                protocol -> forward(context, answer(key, wanted, protocol), forward, protocol),
                () -> refuse(context, wanted, FORWARD));
      }
    }
  }

  private void remoteCommand(
      ChannelHandlerContext context,
      FullHttpResponse answer,
      RemoteCommand command,
      ChannelProtocol protocol) {
    speak(context, answer, front -> new WebSocketRemoteCommand(front, settings, command, protocol));
  }

  private void forward(
      ChannelHandlerContext context,
      FullHttpResponse answer,
      PortForward forward,
      ChannelProtocol protocol) {
    int most = Math.min(settings.forwards(), WebSocketPortForward.MOST);
    if (forward.ports().isEmpty() || forward.ports().size() > most) {
      answer.release();
      Upgrade.refuse(
          context,
          HttpResponseStatus.BAD_REQUEST,
          EmptyHttpHeaders.INSTANCE,
          "query parameter \"port\" is required: it names from 1 to %d ports".formatted(most));
      return;
    }
    speak(context, answer, front -> new WebSocketPortForward(front, settings, forward, protocol));
  }

  private void speak(
      ChannelHandlerContext context,
      FullHttpResponse answer,
      Function<ChannelHandlerContext, WebSocketConnection> connection) {
    Upgrade.accept(context, answer, settings);
    ChannelPipeline pipeline = context.pipeline();
    Front front = new Front();
    pipeline.addLast(front);
    pipeline.addLast(connection.apply(pipeline.context(front)));
    Upgrade.ready(context);
  }

  private void tunnel(ChannelHandlerContext context, FullHttpResponse answer, PortForward forward) {
    Upgrade.accept(context, answer, settings);
    context.pipeline().addLast(new WebSocketTunnel());
    SpdyStreaming.pipeline(
        context.pipeline(), front -> new SpdyPortForward(front, settings, forward));
    Upgrade.ready(context);
  }

  private static FullHttpResponse answer(
      String key, List<String> wanted, ChannelProtocol protocol) {
    // Who named no subprotocol must not be given one.
    return answer(key, wanted.isEmpty() ? null : protocol.header());
  }

  private static FullHttpResponse answer(String key, @Nullable String protocol) {
    FullHttpResponse response = Upgrade.switching("websocket");
    response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept(key));
    if (protocol != null) {
      response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    return response;
  }

  private static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key.strip() + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a Java without SHA-1 cannot speak WebSocket", e);
    }
  }

  private static void refuse(
      ChannelHandlerContext context, List<String> wanted, List<String> known) {
    Upgrade.refuse(
        context,
        HttpResponseStatus.FORBIDDEN,
        new DefaultHttpHeaders().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, known),
        "unable to upgrade: requested protocol(s) are not supported: %s; server accepts %s"
            .formatted(wanted, known));
  }
}

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
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/**
 * SPDY/3.1, which API servers up to 1.35 speak to a kubelet, and later ones where a node declares
 * nothing else.
 */
@Component(
    configurationPid = StreamingSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class SpdyStreaming implements StreamingProtocol {

  private static final String VERSION = "X-Stream-Protocol-Version";
  private static final String ACCEPTED = "X-Accepted-Stream-Protocol-Versions";

  private final StreamingSettings settings;

  @Activate
  public SpdyStreaming(Map<String, ?> properties) {
    this(StreamingSettings.of(Settings.of(StreamingSettings.PID, properties)));
  }

  SpdyStreaming(StreamingSettings settings) {
    this.settings = settings;
  }

  @Override
  public String upgrade() {
    return "SPDY/3.1";
  }

  @Override
  public void rehearse() {
    Rehearsal.spdy(settings);
  }

  @Override
  public boolean speaks(HttpRequest request) {
    return Upgrade.wants(request, upgrade());
  }

  @Override
  public void takeOver(ChannelHandlerContext context, HttpRequest request, StreamTarget target) {
    List<String> wanted = Upgrade.items(request, VERSION);
    if (target instanceof RemoteCommand command) {
      SpdyRemoteProtocol.negotiate(wanted)
          .ifPresentOrElse(
              protocol ->
                  accept(
                      context,
                      protocol.header(),
                      front -> new SpdyRemoteCommand(front, settings, command, protocol)),
              () -> refuse(context, wanted, SpdyRemoteProtocol.known()));
    } else if (target instanceof PortForward forward) {
      if (wanted.contains(SpdyPortForward.PROTOCOL)) {
        accept(
            context,
            SpdyPortForward.PROTOCOL,
            front -> new SpdyPortForward(front, settings, forward));
      } else {
        refuse(context, wanted, List.of(SpdyPortForward.PROTOCOL));
      }
    }
  }

  private void accept(
      ChannelHandlerContext context,
      String version,
      Function<ChannelHandlerContext, SpdyConnection> connection) {
    FullHttpResponse response = Upgrade.switching(upgrade());
    response.headers().set(VERSION, version);
    Upgrade.accept(context, response, settings);
    pipeline(context.pipeline(), connection);
    Upgrade.ready(context);
  }

  /** Adds what speaks SPDY behind whatever carries its bytes. */
  static void pipeline(
      ChannelPipeline pipeline, Function<ChannelHandlerContext, SpdyConnection> connection) {
    Front front = new Front();
    pipeline.addLast(front);
    pipeline.addLast(connection.apply(pipeline.context(front)));
  }

  private static void refuse(
      ChannelHandlerContext context, List<String> wanted, List<String> known) {
    if (wanted.isEmpty()) {
      Upgrade.refuse(
          context,
          HttpResponseStatus.BAD_REQUEST,
          EmptyHttpHeaders.INSTANCE,
          "unable to upgrade: %s is required".formatted(VERSION));
      return;
    }
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set(ACCEPTED, known);
    Upgrade.refuse(
        context,
        HttpResponseStatus.FORBIDDEN,
        headers,
        "unable to upgrade: unable to negotiate protocol: client supports %s, server accepts %s"
            .formatted(wanted, known));
  }
}

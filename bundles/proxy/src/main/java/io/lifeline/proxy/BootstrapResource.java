package io.lifeline.proxy;

import io.lifeline.proxy.BootstrapDecision.Decided;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.apache.cxf.jaxrs.ext.MessageContext;
import org.apache.cxf.security.transport.TLSSessionInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one resource: {@code POST /v1/bootstrap} with <code>{"workerName":"w2"}</code>. */
@Path("/v1")
public final class BootstrapResource {

  private static final Logger LOG = LoggerFactory.getLogger(BootstrapResource.class);
  private static final int MOST_BYTES = 1024;
  private static final Pattern BODY =
      Pattern.compile("\\s*\\{\\s*\"workerName\"\\s*:\\s*\"([^\"\\\\\\p{Cntrl}]*)\"\\s*\\}\\s*");

  private final BootstrapDecision decision;
  private final RefusalEvents events;
  private final Repeats repeats = new Repeats(System::nanoTime);

  BootstrapResource(BootstrapDecision decision, RefusalEvents events) {
    this.decision = decision;
    this.events = events;
  }

  /** 200 and the kubeconfig as YAML, or a refusal: a reason and a message as JSON. */
  @POST
  @Path("bootstrap")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response bootstrap(@Context MessageContext context, InputStream body) throws IOException {
    Optional<X509Certificate> certificate = certificate(context);
    String who = certificate.map(c -> c.getSubjectX500Principal().getName()).orElse("nobody");
    byte[] bytes = body.readNBytes(MOST_BYTES + 1);
    Matcher matcher = BODY.matcher(new String(bytes, StandardCharsets.UTF_8));
    if (bytes.length > MOST_BYTES || !matcher.matches()) {
      return refusal(
          who,
          new Answer.Refused(
              Answer.Reason.BadRequest, "The body must be {\"workerName\":\"<worker>\"}."));
    }
    Decided decided = decision.decide(certificate.flatMap(Agent::of), matcher.group(1));
    if (decided.answer() instanceof Answer.Granted granted) {
      LOG.info("{} was handed the bootstrap kubeconfig of {}", who, matcher.group(1));
      return Response.ok(granted.kubeconfig(), "application/yaml")
          .header("Cache-Control", "no-store")
          .build();
    }
    Answer.Refused refused = (Answer.Refused) decided.answer();
    decided.about().ifPresent(nd -> events.refused(nd, refused));
    return refusal(who, refused);
  }

  private Response refusal(String who, Answer.Refused refused) {
    if (repeats.isNews(who, refused.reason())) {
      LOG.warn("{} was refused: {}: {}", who, refused.reason(), refused.message());
    }
    return Response.status(refused.reason().status())
        .type(MediaType.APPLICATION_JSON)
        .entity(
            "{\"reason\":\"%s\",\"message\":\"%s\"}\n"
                .formatted(refused.reason(), refused.message().replaceAll("[\"\\\\]", "'")))
        .build();
  }

  private static Optional<X509Certificate> certificate(MessageContext context) {
    Object session = context.get(TLSSessionInfo.class.getName());
    if (session instanceof TLSSessionInfo info && info.getPeerCertificates() != null) {
      for (Certificate certificate : info.getPeerCertificates()) {
        // The leaf comes first.
        return Optional.of((X509Certificate) certificate);
      }
    }
    return Optional.empty();
  }
}

package io.lifeline.proxy;

import io.lifeline.proxy.BootstrapDecision.Decided;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.apache.cxf.jaxrs.ext.MessageContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bootstrap kubeconfig: {@code POST /v1/bootstrap} with <code>{"workerName":"w2"}</code>. */
@Path("/v1")
public final class BootstrapResource {

  private static final Logger LOG = LoggerFactory.getLogger(BootstrapResource.class);
  private static final int MOST_BYTES = 1024;
  private static final Pattern BODY =
      Pattern.compile("\\s*\\{\\s*\"workerName\"\\s*:\\s*\"([^\"\\\\\\p{Cntrl}]*)\"\\s*\\}\\s*");

  private final BootstrapDecision decision;
  private final RefusalEvents events;
  private final Refusals refusals = new Refusals();

  BootstrapResource(BootstrapDecision decision, RefusalEvents events) {
    this.decision = decision;
    this.events = events;
  }

  /** 200 and the kubeconfig as YAML, or a refusal: a reason and a message as JSON. */
  @POST
  @Path("bootstrap")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response bootstrap(@Context MessageContext context, InputStream body) throws IOException {
    Caller caller = Caller.of(context);
    String who = caller.who();
    byte[] bytes = body.readNBytes(MOST_BYTES + 1);
    Matcher matcher = BODY.matcher(new String(bytes, StandardCharsets.UTF_8));
    if (bytes.length > MOST_BYTES || !matcher.matches()) {
      return refusals.refusal(
          who,
          new Answer.Refused(
              Answer.Reason.BadRequest, "The body must be {\"workerName\":\"<worker>\"}."));
    }
    Decided decided = decision.decide(caller.agent(), matcher.group(1));
    if (decided.answer() instanceof Answer.Granted granted) {
      LOG.info("{} was handed the bootstrap kubeconfig of {}", who, matcher.group(1));
      return Response.ok(granted.kubeconfig(), "application/yaml")
          .header("Cache-Control", "no-store")
          .build();
    }
    Answer.Refused refused = (Answer.Refused) decided.answer();
    decided.about().ifPresent(nd -> events.refused(nd, refused));
    return refusals.refusal(who, refused);
  }
}

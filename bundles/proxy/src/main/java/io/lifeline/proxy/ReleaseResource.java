package io.lifeline.proxy;

import io.lifeline.release.api.AgentRelease;
import io.lifeline.release.api.ReleaseFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.StreamingOutput;
import org.apache.cxf.jaxrs.ext.MessageContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The releases of the agent, for enrolled agents: {@code GET /v1/releases/VERSION/SHA256SUMS}, and
 * each file that this names. A name is looked up and never made a path of.
 */
@Path("/v1/releases")
public final class ReleaseResource {

  private static final Logger LOG = LoggerFactory.getLogger(ReleaseResource.class);

  private final ReleaseFolders releases;
  private final RateLimit limit;
  private final Refusals refusals = new Refusals();

  ReleaseResource(ReleaseFolders releases, RateLimit limit) {
    this.releases = releases;
    this.limit = limit;
  }

  /** 200 and the file, streamed, or a refusal: a reason and a message as JSON. */
  @GET
  @Path("{version}/{file}")
  public Response file(
      @Context MessageContext context,
      @PathParam("version") String version,
      @PathParam("file") String file) {
    Caller caller = Caller.of(context);
    Optional<Agent> agent = caller.agent();
    if (agent.isEmpty()) {
      return refused(
          caller,
          Answer.Reason.NotAnAgent,
          "The client certificate is not the enrolment of an agent.");
    }
    if (!limit.take(agent.get().worker())) {
      return refused(
          caller,
          Answer.Reason.TooManyRequests,
          "The agent of %s asks for more than %d files a minute."
              .formatted(agent.get().worker(), limit.perMinute()));
    }
    try {
      return answer(caller, version, file);
    } catch (IOException e) {
      LOG.error("a release cannot be read: {}", e.getMessage());
      return refused(
          caller, Answer.Reason.NoRelease, "The release cannot be read: see the proxy's log.");
    }
  }

  private Response answer(Caller caller, String version, String file) throws IOException {
    Optional<AgentRelease> release = releases.release(version);
    if (release.isEmpty()) {
      return refused(
          caller,
          Answer.Reason.NoRelease,
          "The proxy has no such release; it has %s.".formatted(releases.versions()));
    }
    if (file.equals(AgentRelease.CHECKSUMS)) {
      LOG.info("{} fetches the release {}", caller.who(), version);
      return Response.ok(release.get().checksums(), MediaType.TEXT_PLAIN).build();
    }
    Optional<java.nio.file.Path> path = releases.file(release.get(), file);
    if (path.isEmpty()) {
      return refused(
          caller,
          Answer.Reason.NoRelease,
          "The release %s has no such file.".formatted(release.get().version()));
    }
    StreamingOutput stream = out -> Files.copy(path.get(), out);
    return Response.ok(stream, MediaType.APPLICATION_OCTET_STREAM)
        .header("Content-Length", Files.size(path.get()))
        .build();
  }

  private Response refused(Caller caller, Answer.Reason reason, String message) {
    return refusals.refusal(caller.who(), new Answer.Refused(reason, message));
  }
}

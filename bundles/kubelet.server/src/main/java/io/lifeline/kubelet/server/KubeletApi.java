package io.lifeline.kubelet.server;

import io.lifeline.kubelet.api.StreamTarget;
import io.lifeline.kubelet.api.StreamingProtocol;
import io.lifeline.security.api.Access;
import io.lifeline.security.api.Authenticator;
import io.lifeline.security.api.Authorizer;
import io.lifeline.security.api.Decision;
import io.lifeline.security.api.Identity;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;

/**
 * Decides what a request leads to: who calls, may they, what do they want. May block; never on the
 * event loop.
 */
final class KubeletApi {

  private final Seams seams;
  private final Commands commands;
  private final Pages pages;
  private final ContainerLogs logs;
  private final NodeLogs nodeLogs;
  private final RecordedSessions recorded;

  KubeletApi(
      Seams seams,
      Commands commands,
      Pages pages,
      ContainerLogs logs,
      NodeLogs nodeLogs,
      RecordedSessions recorded) {
    this.seams = seams;
    this.commands = commands;
    this.pages = pages;
    this.logs = logs;
    this.nodeLogs = nodeLogs;
    this.recorded = recorded;
  }

  /**
   * @throws RefusedException when the answer is a no, with its status and reason
   */
  Answer answer(HttpRequest request, Caller caller) throws RefusedException {
    Authenticator authenticator = seams.authenticator().orRefuse(HttpResponseStatus.UNAUTHORIZED);
    Identity who =
        caller
            .identify(request, authenticator)
            .orElseThrow(
                () ->
                    new RefusedException(
                        HttpResponseStatus.UNAUTHORIZED,
                        "Unauthorized: show a client certificate of the cluster's authority, or a"
                            + " bearer token that the API server knows"));
    Query query = Query.of(request.uri());
    Route route = Routes.of(request.method(), query.path());
    authorize(who, route.access());
    if (route instanceof Route.Command command) {
      return stream(request, commands.command(command, query, who));
    }
    if (route instanceof Route.Forward forward) {
      return stream(request, commands.forward(forward, query));
    }
    if (route instanceof Route.Run run) {
      return commands.run(run, query, who);
    }
    if (route instanceof Route.Logs wanted) {
      return logs.answer(wanted.path(), query);
    }
    if (route instanceof Route.WorkerLogs wanted) {
      return nodeLogs.answer(wanted.path(), query, request.headers());
    }
    if (route instanceof Route.Recordings wanted) {
      return recorded.answer(wanted.name());
    }
    if (route instanceof Route.Page page) {
      return pages.page(page);
    }
    if (route instanceof Route.NotAllowed known) {
      throw new RefusedException(
          HttpResponseStatus.METHOD_NOT_ALLOWED,
          "405: Method Not Allowed; allowed are " + known.allowed());
    }
    throw new RefusedException(HttpResponseStatus.NOT_FOUND, "404 page not found");
  }

  private void authorize(Identity who, Access access) throws RefusedException {
    Authorizer authorizer = seams.authorizer().orRefuse(HttpResponseStatus.FORBIDDEN);
    Decision decision = authorizer.decide(who, access);
    if (!decision.allowed()) {
      throw new RefusedException(
          HttpResponseStatus.FORBIDDEN,
          "Forbidden (user=%s, verb=%s, resource=nodes, subresource=%s): %s"
              .formatted(who.name(), access.verb(), access.subresource(), decision.reason()));
    }
  }

  private Answer stream(HttpRequest request, StreamTarget target) throws RefusedException {
    Optional<StreamingProtocol> protocol = seams.protocols().of(request);
    if (protocol.isPresent()) {
      return new Answer.HandOver(protocol.get(), target);
    }
    if (seams.protocols().isEmpty()) {
      throw new RefusedException(
          HttpResponseStatus.SERVICE_UNAVAILABLE,
          "no StreamingProtocol is there: see that the bundle io.lifeline.kubelet.streaming is"
              + " active");
    }
    throw new RefusedException(
        HttpResponseStatus.BAD_REQUEST,
        "unable to upgrade: missing upgrade headers in request; this server speaks "
            + seams.protocols().names());
  }
}

package io.lifeline.kubelet.server;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Arrays;
import java.util.List;

/** Reads paths. */
final class Routes {

  private static final List<HttpMethod> READ = List.of(HttpMethod.GET);

  /** What asks whether the agent lives wants no body. */
  private static final List<HttpMethod> HEALTH = List.of(HttpMethod.GET, HttpMethod.HEAD);

  private static final List<HttpMethod> STREAM = List.of(HttpMethod.GET, HttpMethod.POST);

  private Routes() {}

  /**
   * What a path means.
   *
   * @param path decoded, without the query
   */
  static Route of(HttpMethod method, String path) {
    Route route = find(path);
    List<HttpMethod> allowed = allowed(route);
    return route instanceof Route.Unknown || allowed.contains(method)
        ? route
        : new Route.NotAllowed(allowed);
  }

  private static List<HttpMethod> allowed(Route route) {
    if (route instanceof Route.Command
        || route instanceof Route.Run
        || route instanceof Route.Forward) {
      return STREAM;
    }
    return route == Route.Page.HEALTHZ ? HEALTH : READ;
  }

  private static Route find(String path) {
    if (!path.startsWith("/")) {
      return new Route.Unknown();
    }
    if (path.equals("/logs") || path.startsWith("/logs/")) {
      return new Route.WorkerLogs(path.substring(Math.min(path.length(), "/logs/".length())));
    }
    if (path.equals("/recordings") || path.startsWith("/recordings/")) {
      return new Route.Recordings(path.substring(Math.min(path.length(), "/recordings/".length())));
    }
    List<String> parts = Arrays.asList(path.substring(1).split("/", -1));
    // Some clients end a path with a slash, and /runningpods/ has always had one.
    int last = parts.size() - 1;
    if (last > 0 && parts.get(last).isEmpty()) {
      parts = parts.subList(0, last);
    }
    if (parts.stream().anyMatch(String::isEmpty)) {
      return new Route.Unknown();
    }
    return switch (parts.size()) {
      case 1 -> single(parts.get(0));
      case 2 -> pair(parts);
      case 3 -> forward(parts, "");
      case 4 -> parts.get(0).equals("portForward") ? forward(parts, parts.get(3)) : pod(parts, "");
      case 5 -> pod(parts, parts.get(3));
      default -> new Route.Unknown();
    };
  }

  private static Route single(String name) {
    return switch (name) {
      case "healthz" -> Route.Page.HEALTHZ;
      case "pods" -> Route.Page.PODS;
      case "runningpods" -> Route.Page.RUNNING_PODS;
      case "metrics" -> Route.Page.METRICS;
      default -> new Route.Unknown();
    };
  }

  private static Route pair(List<String> parts) {
    return switch (String.join("/", parts)) {
      case "stats/summary" -> Route.Page.STATS_SUMMARY;
      case "metrics/resource" -> Route.Page.RESOURCE_METRICS;
      case "healthz/ping", "healthz/log", "healthz/syncloop" -> Route.Page.HEALTHZ;
      default -> new Route.Unknown();
    };
  }

  private static Route forward(List<String> parts, String uid) {
    return parts.get(0).equals("portForward")
        ? new Route.Forward(new PodPath(parts.get(1), parts.get(2), uid, ""))
        : new Route.Unknown();
  }

  private static Route pod(List<String> parts, String uid) {
    PodPath path = new PodPath(parts.get(1), parts.get(2), uid, parts.get(parts.size() - 1));
    return switch (parts.get(0)) {
      case "exec" -> new Route.Command(false, path);
      case "attach" -> new Route.Command(true, path);
      case "run" -> new Route.Run(path);
      case "containerLogs" -> uid.isEmpty() ? new Route.Logs(path) : new Route.Unknown();
      default -> new Route.Unknown();
    };
  }
}

package io.lifeline.kubelet.server;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.lifeline.session.api.LogLine;
import io.lifeline.session.api.LogReader;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.InstantSource;
import java.util.Optional;

/** The route of {@code kubectl logs}: what the main process of the debug pod said. */
final class ContainerLogs {

  private final Containers containers;
  private final InstantSource time;

  ContainerLogs(Containers containers, InstantSource time) {
    this.time = time;
    this.containers = containers;
  }

  /** Source: {@code getContainerLogs} of {@code pkg/kubelet/server/server.go} of Kubernetes. */
  Answer answer(PodPath path, Query query) throws RefusedException {
    LogOptions options = LogOptions.of(query, time.instant());
    Pod pod = containers.pod(path);
    containers.description(pod, path);
    if (options.previous()) {
      // The debug pod's container is never started again, whatever its restartPolicy.
      throw new RefusedException(
          HttpResponseStatus.BAD_REQUEST,
          "previous terminated container \"%s\" in pod \"%s\" not found"
              .formatted(path.container(), path.pod()));
    }
    LogReader reader =
        containers
            .service()
            .logs(path.namespace(), path.pod(), path.uid(), path.container())
            .orElseThrow(() -> nothing(pod, path));
    LogReader counted =
        containers
            .service()
            .logs(path.namespace(), path.pod(), path.uid(), path.container())
            .orElse(reader);
    return new Answer.Streamed(
        out -> {
          out.begin("text/plain");
          new LogPrinter(options, reader, out).print(lines(options, counted));
        });
  }

  /**
   * How many lines there are now; counted only where somebody wants the last ones. To a follower
   * one that has not ended is still to come.
   */
  private static long lines(LogOptions options, LogReader reader) {
    if (options.tail().isEmpty()) {
      return 0;
    }
    long count =
        options.follow() ? 0 : reader.unfinished().stream().filter(LogLine::begins).count();
    for (Optional<LogLine> line = reader.next(); line.isPresent(); line = reader.next()) {
      count += line.get().begins() ? 1 : 0;
    }
    return count;
  }

  private static RefusedException nothing(Pod pod, PodPath path) {
    boolean ran =
        pod.getStatus() != null
            && pod.getStatus().getContainerStatuses().stream()
                .map(ContainerStatus::getState)
                .anyMatch(state -> state != null && state.getWaiting() == null);
    return ran
        ? new RefusedException(
            HttpResponseStatus.NOT_FOUND,
            "the log of container \"%s\" in pod \"%s\" is gone: it is kept in memory, and the agent was restarted since"
                .formatted(path.container(), path.pod()))
        : new RefusedException(
            HttpResponseStatus.BAD_REQUEST,
            "container \"%s\" in pod \"%s\" is waiting to start: see the pod's status and events for what it waits for"
                .formatted(path.container(), path.pod()));
  }
}

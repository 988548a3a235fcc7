package io.lifeline.kubelet.server;

import io.lifeline.security.api.Access;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;

/**
 * What a path of the kubelet API means.
 *
 * <p>Source: {@code pkg/kubelet/server/server.go} of Kubernetes.
 */
sealed interface Route {

  /**
   * What the caller must be allowed to do with the node. Exec, attach, run and portForward are
   * {@code create} whatever the HTTP verb: a GET that becomes a WebSocket starts a process all the
   * same, and would otherwise be open to whoever may read.
   */
  Access access();

  /** Exec or attach. */
  record Command(boolean attach, PodPath path) implements Route {
    @Override
    public Access access() {
      return new Access("create", "proxy");
    }
  }

  /** A command whose output is the answer. */
  record Run(PodPath path) implements Route {
    @Override
    public Access access() {
      return new Access("create", "proxy");
    }
  }

  record Forward(PodPath path) implements Route {
    @Override
    public Access access() {
      return new Access("create", "proxy");
    }
  }

  record Logs(PodPath path) implements Route {
    @Override
    public Access access() {
      return new Access("get", "proxy");
    }
  }

  /**
   * The worker's journal and the files of its {@code /var/log}.
   *
   * @param path below {@code /logs/}
   */
  record WorkerLogs(String path) implements Route {
    @Override
    public Access access() {
      return new Access("get", "log");
    }
  }

  /**
   * Recorded sessions and the audit lines: for those who might open a session themselves.
   *
   * @param name below {@code /recordings/}
   */
  record Recordings(String name) implements Route {
    @Override
    public Access access() {
      return new Access("create", "proxy");
    }
  }

  /** Pages about the node. */
  enum Page implements Route {
    HEALTHZ("proxy"),
    PODS("proxy"),
    RUNNING_PODS("proxy"),
    METRICS("metrics"),
    RESOURCE_METRICS("metrics"),
    STATS_SUMMARY("stats");

    private final Access access;

    Page(String subresource) {
      this.access = new Access("get", subresource);
    }

    @Override
    public Access access() {
      return access;
    }
  }

  /** Nothing is here; only who might call the node's API at all is told so. */
  record Unknown() implements Route {
    @Override
    public Access access() {
      return new Access("get", "proxy");
    }
  }

  /** A path that is known, called with another method. */
  record NotAllowed(List<HttpMethod> allowed) implements Route {
    @Override
    public Access access() {
      return new Access("get", "proxy");
    }
  }
}

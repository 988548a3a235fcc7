package io.lifeline.node.api;

import java.nio.file.Path;

/** The worker this agent is for. A service; its values do not change while it lives. */
public interface Worker {

  /** The Node's name, for instance {@code w2}. */
  String name();

  /** The backup Node's name, for instance {@code w2-debug}. */
  String backupName();

  /** The worker's InternalIP, in text: where the API server reaches the kubelet API. */
  String address();

  /** The port on which the backup node serves the kubelet API. */
  int kubeletPort();

  /** Where this process sees the worker's root directory: {@code /proc/1/root} or {@code /}. */
  Path root();

  /**
   * The agent's own tmpfs, as this process sees it. Everything the agent keeps is below it; nothing
   * is ever written to the root disk.
   */
  Path state();

  /** Where recorded sessions are kept; the debug container sees it too, read-only. */
  default Path recordings() {
    return state().resolve("recordings");
  }

  /** A path of the worker as this process sees it: {@code /etc/x} is {@code /proc/1/root/etc/x}. */
  default Path path(String absolute) {
    return root().resolve(absolute.startsWith("/") ? absolute.substring(1) : absolute);
  }
}

package io.lifeline.node.api;

/** The key that the worker's SSH front end shows. A service, where there is a front end. */
public interface SshHostKey {

  /** As OpenSSH shows it: {@code SHA256:…}. The same over restarts of the agent. */
  String fingerprint();
}

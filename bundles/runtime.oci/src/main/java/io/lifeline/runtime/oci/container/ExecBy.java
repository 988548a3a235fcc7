package io.lifeline.runtime.oci.container;

/** Who starts a process in a running container. */
public enum ExecBy {
  /** A thread that lives in it, where nothing is lost by that; elsewhere the OCI runtime. */
  AGENT,
  /** The OCI runtime; a thread that lives in the container only when the runtime fails. */
  RUNTIME
}

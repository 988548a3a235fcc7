package io.lifeline.session.api;

/** A way in. */
public enum Door {
  KUBELET,
  SSH,
  CONSOLE
}

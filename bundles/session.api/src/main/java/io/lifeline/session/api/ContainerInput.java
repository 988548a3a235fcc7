package io.lifeline.session.api;

/**
 * The standard input of a container's main process: {@code stdin} and {@code stdinOnce} of a pod.
 */
public enum ContainerInput {
  /** It reads end-of-file at once. */
  NONE,

  /** Stays open for all who attach, one after the other, until the process ends. */
  OPEN,

  /**
   * Ends with the input of the first who attached with one, and so when that one's connection is
   * lost. On a terminal it stays open as with {@link #OPEN}, for others may be typing there.
   */
  ONCE
}

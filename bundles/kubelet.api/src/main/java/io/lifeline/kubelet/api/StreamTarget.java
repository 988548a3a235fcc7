package io.lifeline.kubelet.api;

import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionStreams;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What an upgraded connection is for. */
public sealed interface StreamTarget {

  /**
   * Exec or attach.
   *
   * @param verb which of the two; their ends are told differently
   * @param command empty for attach
   */
  record RemoteCommand(
      Verb verb,
      List<String> command,
      boolean stdin,
      boolean stdout,
      boolean stderr,
      boolean tty,
      Opener opener)
      implements StreamTarget {

    public RemoteCommand {
      command = List.copyOf(command);
    }
  }

  /** A process of its own, or the container's main one. */
  enum Verb {
    EXEC,
    ATTACH
  }

  /**
   * Port-forward into the debug pod, which shares the worker's network.
   *
   * @param pod namespace and name, for messages
   * @param ports those the query named; over SPDY each stream names its own
   */
  record PortForward(String pod, List<Integer> ports) implements StreamTarget {

    public PortForward {
      ports = List.copyOf(ports);
    }
  }

  /** Opens the session when all streams are there. */
  @FunctionalInterface
  interface Opener {

    /**
     * Returns at once and opens the session on a thread of the server's. The stage fails with
     * {@link io.lifeline.session.api.SessionRefusedException} or {@link
     * io.lifeline.session.api.ContainerException}, never wrapped; output may come before it
     * completes.
     */
    CompletionStage<Session> open(SessionStreams streams);
  }
}

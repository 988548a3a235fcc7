package io.lifeline.kubelet.api;

import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionStreams;
import java.util.List;

/** What an upgraded connection is for. */
public sealed interface StreamTarget {

  /**
   * Exec or attach.
   *
   * @param command empty for attach
   */
  record RemoteCommand(
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

  /** Port-forward into the debug pod, which shares the worker's network. */
  record PortForward(List<Integer> ports) implements StreamTarget {

    public PortForward {
      ports = List.copyOf(ports);
    }
  }

  /** Opens the session when all streams are there. Blocks: not for the event loop. */
  @FunctionalInterface
  interface Opener {
    Session open(SessionStreams streams) throws SessionRefusedException, ContainerException;
  }
}

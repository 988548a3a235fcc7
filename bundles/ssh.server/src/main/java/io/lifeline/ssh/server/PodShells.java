package io.lifeline.ssh.server;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.lifeline.node.api.DebugPods;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.Door;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionStreams;
import java.util.Optional;

/** Sessions in the debug pod that runs on the backup node. */
final class PodShells implements Shells {

  private final Seam<DebugPods> pods;
  private final Seam<SessionEngine> sessions;
  private final String backupNode;

  PodShells(Seam<DebugPods> pods, Seam<SessionEngine> sessions, String backupNode) {
    this.pods = pods;
    this.sessions = sessions;
    this.backupNode = backupNode;
  }

  @Override
  public Session open(Person person, ProcessSpec process, SessionStreams streams)
      throws SessionRefusedException, ContainerException {
    SessionEngine engine = sessions.orRefuse();
    return engine.open(
        new SessionRequest(
            running(pods.orRefuse()).id(),
            Door.SSH,
            person.identity(),
            SessionRequest.Verb.EXEC,
            process),
        streams);
  }

  private DebugContainer running(DebugPods service) throws SessionRefusedException {
    for (Pod pod : service.pods()) {
      ObjectMeta meta = pod.getMetadata();
      for (Container container : pod.getSpec().getContainers()) {
        Optional<DebugContainer> running =
            service.container(
                meta.getNamespace(), meta.getName(), meta.getUid(), container.getName());
        if (running.isPresent()) {
          return running.get();
        }
      }
    }
    throw new SessionRefusedException(
        "no debug pod runs on %s: create one (kubectl apply -f debug-pod.yaml), then come again"
            .formatted(backupNode));
  }
}

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
  private final OfflineRescue offline;

  PodShells(
      Seam<DebugPods> pods,
      Seam<SessionEngine> sessions,
      String backupNode,
      OfflineRescue offline) {
    this.pods = pods;
    this.sessions = sessions;
    this.backupNode = backupNode;
    this.offline = offline;
  }

  @Override
  public String notice(Person person) {
    return pod().isEmpty() && offline.admits(person) ? offline.why() : "";
  }

  @Override
  public Session open(Person person, ProcessSpec process, SessionStreams streams)
      throws SessionRefusedException, ContainerException {
    SessionEngine engine = sessions.orRefuse();
    return engine.open(
        new SessionRequest(
            container(person).id(), Door.SSH, person.identity(), SessionRequest.Verb.EXEC, process),
        streams);
  }

  private DebugContainer container(Person person)
      throws SessionRefusedException, ContainerException {
    Optional<DebugContainer> running = pod();
    if (running.isPresent()) {
      return running.get();
    }
    if (offline.admits(person)) {
      return offline.container();
    }
    pods.orRefuse();
    throw new SessionRefusedException(
        "no debug pod runs on %s: create one (kubectl apply -f debug-pod.yaml), then come again"
            .formatted(backupNode));
  }

  private Optional<DebugContainer> pod() {
    return pods.awaited().flatMap(PodShells::running);
  }

  private static Optional<DebugContainer> running(DebugPods service) {
    for (Pod pod : service.pods()) {
      ObjectMeta meta = pod.getMetadata();
      for (Container container : pod.getSpec().getContainers()) {
        Optional<DebugContainer> running =
            service.container(
                meta.getNamespace(), meta.getName(), meta.getUid(), container.getName());
        if (running.isPresent()) {
          return running;
        }
      }
    }
    return Optional.empty();
  }
}

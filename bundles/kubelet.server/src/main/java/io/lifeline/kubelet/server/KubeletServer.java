package io.lifeline.kubelet.server;

import io.lifeline.config.Settings;
import io.lifeline.kubelet.api.StreamingProtocol;
import io.lifeline.node.api.DebugPods;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescueSignals;
import io.lifeline.node.api.RescueStepException;
import io.lifeline.node.api.ServingCertificates;
import io.lifeline.node.api.Worker;
import io.lifeline.node.api.WorkerJournal;
import io.lifeline.security.api.Authenticator;
import io.lifeline.security.api.Authorizer;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.session.api.SessionEngine;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The kubelet API's door: open while a rescue serves, closed otherwise. Its threads exist from the
 * start, because a worker in trouble may not be able to make new ones.
 */
@Component(
    service = RescueParticipant.class,
    immediate = true,
    configurationPid = ServerSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class KubeletServer implements RescueParticipant {

  private final Seams seams = Seams.unbound();
  private final KubeletDoor door;

  @Activate
  public KubeletServer(
      @Reference Worker worker, @Reference ClusterTime time, Map<String, ?> properties) {
    door =
        new KubeletDoor(
            worker, ServerSettings.of(Settings.of(ServerSettings.PID, properties)), seams, time);
  }

  /** Replaced in the middle of a rescue: what is open goes on, until it ends or the rescue does. */
  @Deactivate
  void deactivate() {
    if (door.isOpen()) {
      LeftDoor.leave(door);
    } else {
      door.close();
    }
  }

  @Override
  public Stage stage() {
    return Stage.DOOR;
  }

  @Override
  public void begin(NodeCredential credential, RescueSignals signals)
      throws RescueStepException, InterruptedException {
    door.begin(credential);
  }

  @Override
  public void end(RescueEnd end) {
    door.end();
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindAuthenticator(Authenticator authenticator) {
    seams.authenticator().bind(authenticator);
  }

  void unbindAuthenticator(Authenticator authenticator) {
    seams.authenticator().unbind(authenticator);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindAuthorizer(Authorizer authorizer) {
    seams.authorizer().bind(authorizer);
  }

  void unbindAuthorizer(Authorizer authorizer) {
    seams.authorizer().unbind(authorizer);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindPods(DebugPods pods) {
    seams.pods().bind(pods);
  }

  void unbindPods(DebugPods pods) {
    seams.pods().unbind(pods);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindSessions(SessionEngine sessions) {
    seams.sessions().bind(sessions);
  }

  void unbindSessions(SessionEngine sessions) {
    seams.sessions().unbind(sessions);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindCertificates(ServingCertificates certificates) {
    seams.certificates().bind(certificates);
  }

  void unbindCertificates(ServingCertificates certificates) {
    seams.certificates().unbind(certificates);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindJournal(WorkerJournal journal) {
    seams.journal().bind(journal);
  }

  void unbindJournal(WorkerJournal journal) {
    seams.journal().unbind(journal);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindProtocol(StreamingProtocol protocol) {
    seams.protocols().add(protocol);
  }

  void unbindProtocol(StreamingProtocol protocol) {
    seams.protocols().remove(protocol);
  }
}

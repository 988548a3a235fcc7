package io.lifeline.ssh.server;

import io.lifeline.config.Settings;
import io.lifeline.node.api.DebugPods;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescueSignals;
import io.lifeline.node.api.RescueStepException;
import io.lifeline.node.api.Worker;
import io.lifeline.session.api.SessionEngine;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The SSH front end: open while a rescue serves. It never keeps a rescue from going on. */
@Component(
    service = RescueParticipant.class,
    configurationPid = SshSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class SshFrontEnd implements RescueParticipant {

  private static final Logger LOG = LoggerFactory.getLogger(SshFrontEnd.class);

  private final Seam<DebugPods> pods = Seam.of(DebugPods.class, "io.lifeline.debugpod");
  private final Seam<SessionEngine> sessions =
      Seam.of(SessionEngine.class, "io.lifeline.session.engine");
  private final SshSettings settings;
  private final SshDoor door;

  @Activate
  public SshFrontEnd(@Reference Worker worker, Map<String, ?> properties)
      throws IOException, GeneralSecurityException {
    settings = SshSettings.of(Settings.of(SshSettings.PID, properties));
    HostKey host = HostKey.of(settings.keys().host(), worker.state());
    door =
        new SshDoor(
            settings, host, new PodShells(pods, sessions, worker.backupName()), () -> false);
  }

  @Deactivate
  void deactivate() {
    door.close();
  }

  @Override
  public Stage stage() {
    return Stage.DOOR;
  }

  @Override
  public void begin(NodeCredential credential, RescueSignals signals) throws RescueStepException {
    try {
      door.open();
    } catch (IOException | GeneralSecurityException e) {
      LOG.warn(
          "The SSH front end cannot listen on {}:{}: {}. If another program has the port, set"
              + " 'port' in etc/{}.cfg. kubectl exec works without it",
          settings.bind(),
          settings.port(),
          e.getMessage(),
          SshSettings.PID);
    }
  }

  @Override
  public void end(RescueEnd end) {
    door.close();
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindPods(DebugPods service) {
    pods.bind(service);
  }

  void unbindPods(DebugPods service) {
    pods.unbind(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindSessions(SessionEngine service) {
    sessions.bind(service);
  }

  void unbindSessions(SessionEngine service) {
    sessions.unbind(service);
  }
}

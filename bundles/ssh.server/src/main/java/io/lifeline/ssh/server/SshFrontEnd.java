package io.lifeline.ssh.server;

import io.lifeline.config.Settings;
import io.lifeline.node.api.ApiServer;
import io.lifeline.node.api.DebugPods;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescueSignals;
import io.lifeline.node.api.RescueStepException;
import io.lifeline.node.api.SshHostKey;
import io.lifeline.node.api.Worker;
import io.lifeline.node.api.WorkerMonitor;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.session.api.ContainerRuntime;
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
    service = {RescueParticipant.class, SshHostKey.class},
    immediate = true,
    configurationPid = SshSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class SshFrontEnd implements RescueParticipant, SshHostKey {

  private static final Logger LOG = LoggerFactory.getLogger(SshFrontEnd.class);

  private final Seam<DebugPods> pods = Seam.of(DebugPods.class, "io.lifeline.debugpod");
  private final Seam<SessionEngine> sessions =
      Seam.of(SessionEngine.class, "io.lifeline.session.engine");
  private final Seam<ApiServer> api = Seam.of(ApiServer.class, "io.lifeline.node.monitor");
  private final Seam<WorkerMonitor> monitor =
      Seam.of(WorkerMonitor.class, "io.lifeline.node.monitor");
  private final Seam<ContainerRuntime> runtime =
      Seam.of(ContainerRuntime.class, "io.lifeline.runtime.oci");
  private final SshSettings settings;
  private final HostKey host;
  private final SshDoor door;
  private final OfflineRescue offline;
  private final Thread thread;

  @Activate
  public SshFrontEnd(
      @Reference Worker worker, @Reference ClusterTime time, Map<String, ?> properties)
      throws IOException, GeneralSecurityException {
    settings = SshSettings.of(Settings.of(SshSettings.PID, properties));
    host = HostKey.of(settings.keys().host(), worker.state());
    offline =
        new OfflineRescue(
            settings.offline(),
            worker.name(),
            new OfflineRescue.Sources(api, monitor, sessions),
            new OfflineContainer(runtime, worker.backupName()),
            new OfflineRescue.Door() {
              @Override
              public void open() throws IOException, GeneralSecurityException {
                door().open();
              }

              @Override
              public void close() {
                door().close();
              }
            });
    door =
        new SshDoor(
            settings,
            host,
            new PodShells(pods, sessions, worker.backupName(), offline),
            new Today(time),
            offline::certificatesOnly);
    thread = new Thread(offline, "lifeline-ssh-offline");
    thread.setDaemon(true);
  }

  private SshDoor door() {
    return door;
  }

  @Activate
  void activate() {
    if (settings.offline().allowed()) {
      thread.start();
    }
  }

  /** Replaced in the middle of a rescue: who is in stays, until he goes or the rescue ends. */
  @Deactivate
  void deactivate() {
    thread.interrupt();
    if (door.isOpen()) {
      pods.keep();
      sessions.keep();
      runtime.keep();
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
  public String fingerprint() {
    return host.fingerprint();
  }

  @Override
  public void begin(NodeCredential credential, RescueSignals signals) throws RescueStepException {
    try {
      offline.begin();
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
    offline.end();
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

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindApi(ApiServer service) {
    api.bind(service);
  }

  void unbindApi(ApiServer service) {
    api.unbind(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindMonitor(WorkerMonitor service) {
    monitor.bind(service);
  }

  void unbindMonitor(WorkerMonitor service) {
    monitor.unbind(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindRuntime(ContainerRuntime service) {
    runtime.bind(service);
  }

  void unbindRuntime(ContainerRuntime service) {
    runtime.unbind(service);
  }
}

package io.lifeline.node.backup;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.config.Settings;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescueSignals;
import io.lifeline.node.api.RescueStepException;
import io.lifeline.node.api.SshHostKey;
import io.lifeline.node.api.Worker;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The stage NODE of a rescue. */
@Component(
    configurationPid = BackupSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL,
    immediate = true,
    service = RescueParticipant.class)
public final class BackupComponent implements RescueParticipant {

  private final BackupSettings settings;
  private final Worker worker;
  private final KubernetesClients clients;
  private final ClusterTime time;
  private volatile @Nullable SessionEngine sessions;
  private final AtomicReference<SshHostKey> sshHostKey = new AtomicReference<>();
  private volatile @Nullable BackupKeeper keeper;

  @Activate
  public BackupComponent(
      Map<String, Object> properties,
      @Reference Worker worker,
      @Reference KubernetesClients clients,
      @Reference ClusterTime time) {
    this.settings = BackupSettings.of(Settings.of(BackupSettings.PID, properties));
    this.worker = worker;
    this.clients = clients;
    this.time = time;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindSessions(SessionEngine engine) {
    sessions = engine;
  }

  /** Another may have taken its place already. */
  void unbindSessions(SessionEngine engine) {
    if (sessions == engine) {
      sessions = null;
    }
  }

  /** Replaced in the middle of a rescue: the Node stays, and the next life looks after it. */
  @Deactivate
  void deactivate() {
    takeKeeper().ifPresent(BackupKeeper::replace);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindSshHostKey(SshHostKey key) {
    sshHostKey.set(key);
  }

  void unbindSshHostKey(SshHostKey key) {
    sshHostKey.compareAndSet(key, null);
  }

  @Override
  public Stage stage() {
    return Stage.NODE;
  }

  @Override
  public void begin(NodeCredential credential, RescueSignals signals) throws RescueStepException {
    takeKeeper().ifPresent(BackupKeeper::replace);
    KubernetesClient client = clients.connect(credential.access());
    try {
      BackupKeeper fresh =
          new BackupKeeper(
              this,
              signals,
              settings,
              new BackupNode(worker, settings, client, time),
              client,
              worker.backupName(),
              this::sessionsInWords);
      fresh.begin(
          credential.ends(), Optional.ofNullable(sshHostKey.get()).map(SshHostKey::fingerprint));
      keeper = fresh;
    } catch (KubernetesClientException e) {
      client.close();
      throw new RescueStepException(
          "the Node %s cannot be registered: %s".formatted(worker.backupName(), e.getMessage()), e);
    }
  }

  @Override
  public void end(RescueEnd end) {
    takeKeeper().ifPresent(old -> old.end(end));
  }

  private Optional<BackupKeeper> takeKeeper() {
    Optional<BackupKeeper> old = Optional.ofNullable(keeper);
    keeper = null;
    return old;
  }

  private String sessionsInWords() {
    SessionEngine engine = sessions;
    List<SessionInfo> open = engine == null ? List.of() : engine.sessions();
    return open.size() == 1 ? "1 session" : open.size() + " sessions";
  }
}

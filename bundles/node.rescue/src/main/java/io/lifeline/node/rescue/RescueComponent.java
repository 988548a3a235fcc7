package io.lifeline.node.rescue;

import io.lifeline.config.Settings;
import io.lifeline.node.api.HealthListener;
import io.lifeline.node.api.Rescue;
import io.lifeline.node.api.RescueCredentials;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescuePhase;
import io.lifeline.node.api.Worker;
import io.lifeline.node.api.WorkerHealth;
import io.lifeline.security.api.ClusterTime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Wires {@link RescueOwner} to its services and gives it a thread.
 *
 * <p>Stopping this bundle does not end the rescue: Node, container and shells stay, and the next
 * life finds them again by the credential on the tmpfs.
 */
@Component(
    immediate = true,
    configurationPid = RescueSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL,
    service = {Rescue.class, HealthListener.class})
public final class RescueComponent implements Rescue, HealthListener {

  private final Participants participants = new Participants();
  private final RescueOwner owner;
  private final Thread thread;

  @Activate
  public RescueComponent(
      @Reference Worker worker, @Reference ClusterTime time, Map<String, Object> properties) {
    RescueSettings settings = RescueSettings.of(Settings.of(RescueSettings.PID, properties));
    CpuShare cpu =
        new CpuShare(
            worker.root(),
            Path.of("/proc/self/cgroup"),
            worker.state().resolve("cpu"),
            settings.cpuShares());
    owner = new RescueOwner(settings, participants, cpu, time.clock(), new Random());
    thread = new Thread(owner, "lifeline-rescue");
    thread.setDaemon(true);
  }

  /** Bound after the constructor and before this: so the owner can resume with its credentials. */
  @Activate
  void activate() {
    thread.start();
  }

  @Deactivate
  void deactivate() throws InterruptedException {
    thread.interrupt();
    thread.join(5_000);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindCredentials(RescueCredentials credentials) {
    owner.credentials(credentials);
  }

  void unbindCredentials(RescueCredentials credentials) {
    owner.credentialsGone(credentials);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindParticipant(RescueParticipant participant) {
    participants.add(participant);
    owner.participantCame();
  }

  void unbindParticipant(RescueParticipant participant) {
    participants.remove(participant);
  }

  @Override
  public RescuePhase phase() {
    return owner.phase();
  }

  @Override
  public String sentence() {
    return owner.sentence();
  }

  @Override
  public boolean settled() {
    return owner.settled();
  }

  @Override
  public List<Step> history() {
    return owner.history();
  }

  @Override
  public void stop(String why) {
    owner.stop(why);
  }

  @Override
  public void health(WorkerHealth health) {
    owner.health(health);
  }
}

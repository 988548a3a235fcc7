package io.lifeline.node.rollout;

import io.lifeline.config.Settings;
import io.lifeline.node.api.AgentUpgrade;
import io.lifeline.node.api.AnnotationListener;
import io.lifeline.node.api.HealthListener;
import io.lifeline.node.api.ReleaseFiles;
import io.lifeline.node.api.Worker;
import io.lifeline.node.api.WorkerHealth;
import io.lifeline.node.api.WorkerNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Wires {@link Rollout} to its services. */
@Component(
    immediate = true,
    configurationPid = RolloutSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL,
    service = {AnnotationListener.class, HealthListener.class})
public final class RolloutComponent implements AnnotationListener, HealthListener {

  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final AtomicReference<@Nullable AgentUpgrade> upgrade = new AtomicReference<>();
  private final AtomicReference<@Nullable ReleaseFiles> files = new AtomicReference<>();
  private final AtomicReference<@Nullable WorkerNode> node = new AtomicReference<>();
  private final String own;
  private final Rollout rollout;

  @Activate
  public RolloutComponent(
      BundleContext context, Map<String, Object> properties, @Reference Worker worker) {
    RolloutSettings settings = RolloutSettings.of(Settings.of(RolloutSettings.PID, properties));
    own = context.getBundle().getVersion().toString();
    Path folder = worker.state().resolve("releases");
    Handover handover = new Handover(folder, Handover.thisProcess());
    Upgrade doing =
        new Upgrade(
            new ReleaseStore(
                folder,
                settings.releases(),
                () -> there(files.get(), ReleaseFiles.class, "node.credential")),
            settings.fetchLimit(),
            () -> there(upgrade.get(), AgentUpgrade.class, "node.upgrade"),
            handover,
            PAUSE);
    rollout =
        new Rollout(
            doing::run,
            own,
            this::running,
            annotations ->
                there(node.get(), WorkerNode.class, "node.monitor").annotate(annotations),
            handover,
            PAUSE);
  }

  /** While nobody upgrades, all bundles are of one version. */
  private String running() {
    AgentUpgrade service = upgrade.get();
    return service == null ? own : service.running();
  }

  private static <T> T there(@Nullable T service, Class<T> type, String bundle) {
    if (service == null) {
      throw new IllegalStateException(
          "there is no service %s: start the bundle io.lifeline.%s"
              .formatted(type.getName(), bundle));
    }
    return service;
  }

  @Deactivate
  void stop() {
    rollout.stop();
  }

  @Override
  public void annotations(Map<String, String> annotations) {
    rollout.annotations(annotations);
  }

  @Override
  public void health(WorkerHealth health) {
    rollout.workerBroken(health.verdict() == WorkerHealth.Verdict.NOT_READY);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindUpgrade(AgentUpgrade service) {
    upgrade.set(service);
  }

  void unbindUpgrade(AgentUpgrade service) {
    upgrade.compareAndSet(service, null);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindFiles(ReleaseFiles service) {
    files.set(service);
  }

  void unbindFiles(ReleaseFiles service) {
    files.compareAndSet(service, null);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindNode(WorkerNode service) {
    node.set(service);
  }

  void unbindNode(WorkerNode service) {
    node.compareAndSet(service, null);
  }
}

package io.lifeline.node.monitor;

import io.lifeline.config.Settings;
import io.lifeline.kubernetes.Kubeconfig;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.node.api.AnnotationListener;
import io.lifeline.node.api.ApiServer;
import io.lifeline.node.api.HealthListener;
import io.lifeline.node.api.Worker;
import io.lifeline.node.api.WorkerHealth;
import io.lifeline.node.api.WorkerMonitor;
import io.lifeline.node.api.WorkerNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Wires {@link MonitorLoop} and the watch to their services, and gives them a thread. */
@Component(
    immediate = true,
    configurationPid = MonitorSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class MonitorComponent implements WorkerMonitor, WorkerNode, ApiServer {

  private final NodeWatch watch;
  private final Annotations annotations = new Annotations();
  private final MonitorLoop loop;
  private final ApiQuestion question;
  private final Thread thread;

  @Activate
  public MonitorComponent(
      Map<String, Object> properties,
      @Reference Worker worker,
      @Reference Kubeconfig kubeconfig,
      @Reference KubernetesClients clients) {
    MonitorSettings settings = MonitorSettings.of(Settings.of(MonitorSettings.PID, properties));
    watch = new NodeWatch(settings, worker, kubeconfig, clients, this::wake, annotations::seen);
    question = new ApiQuestion(watch::connect);
    loop =
        new MonitorLoop(
            settings.period(),
            new Hysteresis(settings.hold()),
            watch::signal,
            new MachineSignals(settings, worker)::ask);
    thread = new Thread(loop, "lifeline-monitor");
    thread.setDaemon(true);
  }

  @Activate
  void activate() {
    thread.start();
  }

  @Deactivate
  void deactivate() throws InterruptedException {
    thread.interrupt();
    thread.join(5_000);
    watch.close();
    question.close();
  }

  private void wake() {
    loop.wake();
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindListener(HealthListener listener) {
    loop.add(listener);
  }

  void unbindListener(HealthListener listener) {
    loop.remove(listener);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindAnnotationListener(AnnotationListener listener) {
    annotations.add(listener);
  }

  void unbindAnnotationListener(AnnotationListener listener) {
    annotations.remove(listener);
  }

  @Override
  public void annotate(Map<String, Optional<String>> changes) throws IOException {
    Map<String, @Nullable String> patch = new HashMap<>();
    changes.forEach((name, value) -> patch.put(name, value.orElse(null)));
    watch.annotate(patch);
  }

  @Override
  public WorkerHealth health() {
    return loop.health();
  }

  /** Asked by whoever wants to know; nobody is asked otherwise. */
  @Override
  public Reach ask() {
    return question.ask();
  }
}

package io.lifeline.runtime.oci;

import io.lifeline.config.Settings;
import io.lifeline.node.api.JournalQuery;
import io.lifeline.node.api.Worker;
import io.lifeline.node.api.WorkerJournal;
import io.lifeline.runtime.oci.container.Awaited;
import io.lifeline.runtime.oci.container.Containers;
import io.lifeline.runtime.oci.container.State;
import io.lifeline.runtime.oci.journal.Journalctl;
import io.lifeline.runtime.oci.linux.LastCall;
import io.lifeline.runtime.oci.linux.NativeLibraries;
import io.lifeline.runtime.oci.linux.OomScore;
import io.lifeline.runtime.oci.linux.OwnThread;
import io.lifeline.runtime.oci.linux.Subreaper;
import io.lifeline.runtime.oci.rootfs.Rootfs;
import io.lifeline.runtime.oci.rootfs.WorkerTree;
import io.lifeline.runtime.oci.tool.ToolRunner;
import io.lifeline.runtime.oci.tool.Tools;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ContainerRuntime;
import io.lifeline.session.api.ContainerSpec;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.EarlierContainer;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The worker's own runc or crun, and its journalctl, as services. Settings: {@code
 * etc/io.lifeline.runtime.oci.cfg}.
 */
@Component(
    service = {ContainerRuntime.class, WorkerJournal.class},
    immediate = true,
    configurationPid = RuntimeSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class OciContainerRuntime implements ContainerRuntime, WorkerJournal {

  private final Containers containers;
  private final ToolRunner runner;
  private final Journalctl journal;

  @Activate
  public OciContainerRuntime(
      @Reference Worker worker, @Reference ClusterTime time, Map<String, Object> properties)
      throws IOException {
    RuntimeSettings settings = RuntimeSettings.of(Settings.of(RuntimeSettings.PID, properties));
    NativeLibraries.load(worker.state());
    Subreaper.adopt();
    WorkerTree tree = new WorkerTree(worker.root());
    OomScore oomScore = OomScore.besideOwn();
    State state = new State(worker.root(), worker.state());
    runner = new ToolRunner(worker.root(), settings.limits().start(), oomScore);
    containers =
        new Containers(
            state,
            new Rootfs(tree, worker.state(), settings.rootfs()),
            new Tools(tree, runner, settings.runtimes(), settings.path()),
            runner,
            settings.limits(),
            settings.execBy(),
            oomScore,
            time.clock());
    journal =
        new Journalctl(
            worker.root(), settings.path(), new Awaited(state.awaited()), settings.limits());
    new OwnThread(this::arm, "lifeline-runtime").start();
  }

  private void arm() {
    try {
      OwnClasses.load(getClass());
      containers.arm();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Containers and their processes live on; a later instance finds them. */
  @Deactivate
  void deactivate() {
    Bundle contract = FrameworkUtil.getBundle(EarlierContainer.class);
    BundleContext context = contract == null ? null : contract.getBundleContext();
    for (DebugContainer container : containers.letGo()) {
      if (context != null) {
        EarlierContainer left = () -> container;
        ServiceRegistration<?> registration =
            context.registerService(EarlierContainer.class, left, null);
        container.whenEnded(registration::unregister);
      }
    }
    runner.close();
    journal.close();
    LastCall.await(containers.everMade());
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindEarlier(EarlierContainer container) {
    containers.add(container);
  }

  void unbindEarlier(EarlierContainer container) {
    containers.remove(container);
  }

  @Override
  public String description() {
    return containers.description();
  }

  @Override
  public DebugContainer create(ContainerSpec spec) throws ContainerException {
    return containers.create(spec);
  }

  @Override
  public Optional<DebugContainer> find(String id) {
    return containers.find(id);
  }

  @Override
  public ContainerProcess ask(JournalQuery query, SessionStreams streams)
      throws ContainerException {
    return journal.ask(query, streams);
  }
}

package io.lifeline.runtime.oci;

import io.lifeline.config.Settings;
import io.lifeline.node.api.Worker;
import io.lifeline.runtime.oci.container.Containers;
import io.lifeline.runtime.oci.container.State;
import io.lifeline.runtime.oci.linux.NativeLibraries;
import io.lifeline.runtime.oci.linux.Subreaper;
import io.lifeline.runtime.oci.rootfs.Rootfs;
import io.lifeline.runtime.oci.rootfs.WorkerTree;
import io.lifeline.runtime.oci.tool.ToolRunner;
import io.lifeline.runtime.oci.tool.Tools;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerRuntime;
import io.lifeline.session.api.ContainerSpec;
import io.lifeline.session.api.DebugContainer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The worker's own runc or crun as a service. Settings: {@code etc/io.lifeline.runtime.oci.cfg}.
 */
@Component(
    service = ContainerRuntime.class,
    configurationPid = RuntimeSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class OciContainerRuntime implements ContainerRuntime {

  private final Containers containers;
  private final ToolRunner runner;

  @Activate
  public OciContainerRuntime(@Reference Worker worker, Map<String, Object> properties)
      throws IOException {
    RuntimeSettings settings = RuntimeSettings.of(Settings.of(RuntimeSettings.PID, properties));
    NativeLibraries.load(worker.state());
    Subreaper.adopt();
    WorkerTree tree = new WorkerTree(worker.root());
    State state = new State(worker.root(), worker.state());
    runner = new ToolRunner(worker.root(), settings.limits().start());
    containers =
        new Containers(
            state,
            new Rootfs(tree, worker.state(), settings.rootfs()),
            new Tools(tree, runner, settings.runtimes(), settings.path()),
            runner,
            settings.limits(),
            settings.execBy());
    Thread arming = new Thread(this::arm, "lifeline-runtime");
    arming.setDaemon(true);
    arming.start();
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
    containers.letGo();
    runner.close();
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
}

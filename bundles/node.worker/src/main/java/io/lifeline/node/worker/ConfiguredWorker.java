package io.lifeline.node.worker;

import io.lifeline.config.Settings;
import io.lifeline.node.api.Worker;
import io.lifeline.node.api.WorkerFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker as configured; what is not configured is found out once, at start.
 *
 * <p>The service is its values alone, registered in the name of the contract's bundle: nearly
 * everybody is made with a {@link Worker}, and would be made anew if that went with this bundle. It
 * is replaced only when its values are others.
 */
@Capability(
    namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"io.lifeline.node.api.Worker\"")
@Component(
    service = {},
    configurationPid = WorkerSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class ConfiguredWorker {

  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredWorker.class);

  /** Where the registration is found again by who replaces the service. */
  private static final String REGISTRATION = "lifeline.registration";

  @Activate
  public ConfiguredWorker(Map<String, Object> properties) throws IOException, BundleException {
    announce(
        facts(
            WorkerSettings.of(
                Settings.of(WorkerSettings.PID, properties), System.getenv(), Machine.hostname())));
  }

  static WorkerFacts facts(WorkerSettings settings) throws IOException {
    String address = settings.address().orElseGet(Machine::address);
    Path root = settings.root().orElseGet(Machine::workerRoot);
    String state = settings.state();
    Path seen =
        Files.createDirectories(root.resolve(state.startsWith("/") ? state.substring(1) : state));
    if (!Machine.isTmpfs(root, state)) {
      LOG.warn(
          "the agent's state {} is not a tmpfs of its own: a full root disk would stop a rescue;"
              + " start through bin/lifeline, which mounts one",
          state);
    }
    WorkerFacts facts =
        new WorkerFacts(
            settings.name(),
            settings.name() + settings.suffix(),
            address,
            settings.port(),
            root,
            seen);
    LOG.info(
        "worker {} at {}, its root seen at {}, state at {}; the backup node would be {} on port {}",
        facts.name(),
        address,
        root,
        state,
        facts.backupName(),
        facts.kubeletPort());
    return facts;
  }

  private static void announce(WorkerFacts facts) throws BundleException {
    Bundle contract = Objects.requireNonNull(FrameworkUtil.getBundle(Worker.class));
    // It has no context before, and nothing says which of two bundles is started first.
    contract.start(Bundle.START_TRANSIENT);
    BundleContext context = contract.getBundleContext();
    ServiceReference<Worker> before = context.getServiceReference(Worker.class);
    if (before != null) {
      boolean same = facts.equals(context.getService(before));
      context.ungetService(before);
      if (same) {
        return;
      }
      ((ServiceRegistration<?>) before.getProperty(REGISTRATION)).unregister();
    }
    ServiceRegistration<?> registration = context.registerService(Worker.class, facts, null);
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put(REGISTRATION, registration);
    registration.setProperties(properties);
  }

  /** What the machine says of itself. */
  private static final class Machine {

    static String hostname() {
      try {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      } catch (IOException e) {
        throw new UncheckedIOException("the machine's name cannot be read", e);
      }
    }

    /**
     * The root of the worker: that of process 1, when this process is in a pod with hostPID and so
     * has another mount namespace; our own otherwise.
     */
    static Path workerRoot() {
      try {
        Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"));
        Path first = Files.readSymbolicLink(Path.of("/proc/1/ns/mnt"));
        return own.equals(first) ? Path.of("/") : Path.of("/proc/1/root");
      } catch (IOException e) {
        LOG.warn(
            "the mount namespace of process 1 cannot be seen ({}): using / as root", e.toString());
        return Path.of("/");
      }
    }

    /**
     * From the worker's own table of mounts: through /proc/1/root the file store's type is that of
     * another namespace.
     */
    static boolean isTmpfs(Path root, String where) throws IOException {
      Path process = Path.of(root.startsWith("/proc/1") ? "/proc/1" : "/proc/self");
      try (Stream<String> mounts = Files.lines(process.resolve("mounts"))) {
        return mounts
            .map(line -> line.split(" ", 4))
            .anyMatch(mount -> mount[1].equals(where) && mount[2].equals("tmpfs"));
      }
    }

    static String address() {
      return LocalAddress.find();
    }
  }
}

package io.lifeline.ssh.server;

import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerInput;
import io.lifeline.session.api.ContainerRuntime;
import io.lifeline.session.api.ContainerSpec;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.SessionRefusedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The debug container that no pod has asked for. At most one; any thread. */
final class OfflineContainer {

  static final String ID = "lifeline-offline";

  private static final Logger LOG = LoggerFactory.getLogger(OfflineContainer.class);

  /** As in the debug pod. */
  private static final String MOUNT = "/host";

  private final Seam<ContainerRuntime> runtime;
  private final ContainerSpec spec;

  OfflineContainer(Seam<ContainerRuntime> runtime, String hostname) {
    this.runtime = runtime;
    this.spec =
        new ContainerSpec(ID, hostname, List.of(), Map.of(), MOUNT, false, ContainerInput.NONE);
  }

  /** The one that runs, of an earlier life too, or a new one. */
  synchronized DebugContainer running() throws SessionRefusedException, ContainerException {
    ContainerRuntime bound = runtime.orRefuse();
    Optional<DebugContainer> there = bound.find(ID);
    if (there.isPresent() && there.get().ended().isEmpty()) {
      return there.get();
    }
    if (there.isPresent()) {
      there.get().delete();
    }
    DebugContainer made = bound.create(spec);
    LOG.warn("The container {} was made without a pod, with {}", ID, bound.description());
    return made;
  }

  /** Removes it, if it is there; whether none is left. */
  synchronized boolean delete() {
    Optional<ContainerRuntime> bound = runtime.get();
    if (bound.isEmpty()) {
      return false;
    }
    try {
      Optional<DebugContainer> there = bound.get().find(ID);
      if (there.isPresent()) {
        there.get().delete();
        LOG.info("The container {} is removed", ID);
      }
      return true;
    } catch (ContainerException e) {
      LOG.warn("The container {} is still there and is removed later: {}", ID, e.getMessage());
      return false;
    }
  }
}

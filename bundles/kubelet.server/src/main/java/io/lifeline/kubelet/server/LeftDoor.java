package io.lifeline.kubelet.server;

import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescueSignals;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of a bundle that was replaced: nobody comes in by it, and who is in stays until he goes
 * or the rescue ends. A service in the name of the contract's bundle, for its own has stopped.
 */
final class LeftDoor implements RescueParticipant {

  private static final Logger LOG = LoggerFactory.getLogger(LeftDoor.class);

  private final KubeletDoor door;
  private final AtomicReference<@Nullable ServiceRegistration<?>> registration =
      new AtomicReference<>();

  private LeftDoor(KubeletDoor door) {
    this.door = door;
  }

  static void leave(KubeletDoor door) {
    LeftDoor left = new LeftDoor(door);
    Bundle contract = FrameworkUtil.getBundle(RescueParticipant.class);
    BundleContext context = contract == null ? null : contract.getBundleContext();
    if (context != null) {
      left.registration.set(context.registerService(RescueParticipant.class, left, null));
    }
    LOG.info("{} connections of the replaced kubelet API go on", door.connections());
    door.leave(left::over);
  }

  /** Once. */
  private void over() {
    ServiceRegistration<?> registered = registration.getAndSet(null);
    if (registered != null) {
      registered.unregister();
      LOG.info("the last connection of a replaced kubelet API has ended");
    }
    door.close();
  }

  @Override
  public Stage stage() {
    return Stage.DOOR;
  }

  @Override
  public void begin(NodeCredential credential, RescueSignals signals) {}

  @Override
  public void end(RescueEnd end) {
    door.end();
    over();
  }
}

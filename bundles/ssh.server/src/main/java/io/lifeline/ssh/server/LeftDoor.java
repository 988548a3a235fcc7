package io.lifeline.ssh.server;

import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescueSignals;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * The door of a bundle that was replaced: it listens until the next instance does, and who is in
 * stays until he goes or the rescue ends. A service in the name of the contract's bundle, for its
 * own has stopped.
 */
final class LeftDoor implements RescueParticipant {

  private static final long NOBODY_COMES_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final SshDoor door;
  private final AtomicReference<@Nullable ServiceRegistration<?>> registration =
      new AtomicReference<>();

  private LeftDoor(SshDoor door) {
    this.door = door;
  }

  static void leave(SshDoor door) {
    LeftDoor left = new LeftDoor(door);
    Bundle contract = FrameworkUtil.getBundle(RescueParticipant.class);
    BundleContext context = contract == null ? null : contract.getBundleContext();
    if (context == null) {
      door.close();
      return;
    }
    left.registration.set(context.registerService(RescueParticipant.class, left, null));
    Handover.Offer offer = Handover.offer(door::leave);
    Thread waiting = new Thread(() -> left.await(offer), "lifeline-ssh-left");
    waiting.setDaemon(true);
    waiting.start();
  }

  private void await(Handover.Offer offer) {
    long began = System.nanoTime();
    try {
      while (door.isListening() && System.nanoTime() - began < NOBODY_COMES_NANOS) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      offer.withdraw();
      while (door.connections() > 0) {
        TimeUnit.SECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    over();
  }

  private void over() {
    door.close();
    ServiceRegistration<?> registered = registration.getAndSet(null);
    if (registered != null) {
      registered.unregister();
    }
  }

  @Override
  public Stage stage() {
    return Stage.DOOR;
  }

  @Override
  public void begin(NodeCredential credential, RescueSignals signals) {}

  @Override
  public void end(RescueEnd end) {
    over();
  }
}

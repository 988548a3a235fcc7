package io.lifeline.ssh.server;

import io.lifeline.node.api.RescueParticipant;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/**
 * Listening goes over from an instance of this bundle that has stopped to the next one: the old one
 * goes on with it while the new one makes itself ready, and ceases in the moment in which that
 * binds. What is handed over is a service in the name of the contract's bundle, and of a type that
 * is the JDK's own.
 */
final class Handover {

  private static final String MARK = "lifeline.ssh.listening";

  private Handover() {}

  /** A stopped instance that still listens. */
  interface Offer {

    /** Nobody needs it any more. Idempotent. */
    void withdraw();
  }

  /**
   * @param cease has this instance listen no more; called once at most
   */
  static Offer offer(Runnable cease) {
    BundleContext context = contract();
    if (context == null) {
      cease.run();
      return () -> {};
    }
    Dictionary<String, Object> marks = new Hashtable<>();
    marks.put(MARK, "true");
    AtomicReference<@Nullable Runnable> once = new AtomicReference<>(cease);
    Runnable taken =
        () -> {
          Runnable now = once.getAndSet(null);
          if (now != null) {
            now.run();
          }
        };
    AtomicReference<@Nullable ServiceRegistration<?>> registration =
        new AtomicReference<>(context.registerService(Runnable.class, taken, marks));
    return () -> {
      ServiceRegistration<?> registered = registration.getAndSet(null);
      if (registered != null) {
        registered.unregister();
        taken.run();
      }
    };
  }

  /** Another binds now: whoever was before ceases. */
  static void take() {
    BundleContext context = contract();
    if (context == null) {
      return;
    }
    try {
      for (ServiceReference<Runnable> reference :
          context.getServiceReferences(Runnable.class, "(" + MARK + "=true)")) {
        Runnable cease = context.getService(reference);
        if (cease != null) {
          cease.run();
          context.ungetService(reference);
        }
      }
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable BundleContext contract() {
    Bundle bundle = FrameworkUtil.getBundle(RescueParticipant.class);
    return bundle == null ? null : bundle.getBundleContext();
  }
}

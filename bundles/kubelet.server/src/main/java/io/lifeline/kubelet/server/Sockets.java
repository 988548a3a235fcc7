package io.lifeline.kubelet.server;

import io.lifeline.node.api.RescueParticipant;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listening sockets. One that this bundle leaves open when it stops is handed to its next instance,
 * if that comes soon: who connects in between is let in then, and not refused. It is a service in
 * the name of the contract's bundle, for this one has stopped; what it holds is the JDK's own.
 */
final class Sockets {

  private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
  private static final String MARK = "lifeline.kubelet.socket";
  private static final int BACKLOG = 128;
  private static final long KEPT_SECONDS = 10;

  /** One that was left for us at this address, or a new one. */
  ServerSocketChannel open(InetSocketAddress address) throws IOException {
    ServerSocketChannel left = left();
    if (left != null) {
      if (isAt(left, address)) {
        return left;
      }
      left.close();
    }
    ServerSocketChannel fresh = ServerSocketChannel.open();
    try {
      fresh.configureBlocking(false);
      fresh.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      fresh.bind(address, BACKLOG);
      return fresh;
    } catch (IOException | RuntimeException e) {
      fresh.close();
      throw e;
    }
  }

  /** A socket at 0.0.0.0 says that it is at the IPv6 wildcard. */
  private static boolean isAt(ServerSocketChannel socket, InetSocketAddress wanted)
      throws IOException {
    return socket.getLocalAddress() instanceof InetSocketAddress at
        && at.getPort() == wanted.getPort()
        && (at.getAddress().equals(wanted.getAddress())
            || (at.getAddress().isAnyLocalAddress() && wanted.getAddress().isAnyLocalAddress()));
  }

  @SuppressWarnings("unchecked")
  private static @Nullable ServerSocketChannel left() {
    BundleContext context = contract();
    if (context == null) {
      return null;
    }
    try {
      for (ServiceReference<AtomicReference<?>> reference :
          (Iterable<ServiceReference<AtomicReference<?>>>)
              (Iterable<?>)
                  context.getServiceReferences(AtomicReference.class, "(" + MARK + "=true)")) {
        AtomicReference<?> service = context.getService(reference);
        Object socket = service == null ? null : service.getAndSet(null);
        context.ungetService(reference);
        if (socket instanceof ServerSocketChannel open) {
          return open;
        }
      }
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
    return null;
  }

  /** Leaves it to the next instance; nobody comes for it, and it is closed. */
  void leave(ServerSocketChannel socket) {
    BundleContext context = contract();
    AtomicReference<@Nullable ServerSocketChannel> holder = new AtomicReference<>(socket);
    if (context == null) {
      close(holder);
      return;
    }
    Dictionary<String, Object> marks = new Hashtable<>();
    marks.put(MARK, "true");
    ServiceRegistration<?> registration =
        context.registerService(AtomicReference.class, holder, marks);
    Thread closer =
        new Thread(
            () -> {
              try {
                TimeUnit.SECONDS.sleep(KEPT_SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              registration.unregister();
              close(holder);
            },
            "lifeline-kubelet-socket");
    closer.setDaemon(true);
    closer.start();
  }

  private static void close(AtomicReference<@Nullable ServerSocketChannel> holder) {
    ServerSocketChannel left = holder.getAndSet(null);
    if (left == null) {
      return;
    }
    try {
      left.close();
    } catch (IOException e) {
      LOG.debug("a listening socket could not be closed", e);
    }
  }

  private static @Nullable BundleContext contract() {
    Bundle bundle = FrameworkUtil.getBundle(RescueParticipant.class);
    return bundle == null ? null : bundle.getBundleContext();
  }
}

package io.lifeline.ssh.server;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.apache.sshd.server.session.SessionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits before anybody has proved who he is: connections in all and from one address, those that
 * still have to prove it, and new ones from one address in a minute. Who is over a limit is hung up
 * on without a word, before a key is exchanged. Any thread.
 */
final class Newcomers implements SessionListener {

  private static final Logger LOG = LoggerFactory.getLogger(Newcomers.class);
  private static final long MINUTE = 60_000_000_000L;
  private static final int MOST_ADDRESSES = 1024;

  /** What an address has left of its minute, in connections; it fills again as time goes by. */
  private record Bucket(double left, long atNanos) {}

  private final SshSettings.Limits limits;
  private final LongSupplier nanos;
  private final Map<String, Integer> perAddress = new HashMap<>();
  private final Map<String, Bucket> rates =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };
  // Not an attribute of the connection: one that is closed has forgotten them all.
  private final Set<Session> unknown = ConcurrentHashMap.newKeySet();
  private int total;
  private int strangers;
  private long refused;
  private long toldAt;

  Newcomers(SshSettings.Limits limits, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
    this.toldAt = nanos.getAsLong() - MINUTE;
  }

  /** Whether there is a place for one more; it is taken if there is. */
  synchronized boolean enter(InetAddress address) {
    String place = place(address);
    if (!withinRate(place)
        || total >= limits.connections()
        || strangers >= limits.startups()
        || perAddress.getOrDefault(place, 0) >= limits.perAddress()) {
      refused++;
      tell(place);
      return false;
    }
    total++;
    strangers++;
    perAddress.merge(place, 1, Integer::sum);
    return true;
  }

  /** Whether nobody is on his way in. */
  synchronized boolean none() {
    return strangers == 0;
  }

  /** One has proved who he is. */
  synchronized void known() {
    strangers--;
  }

  /** One has gone. */
  synchronized void leave(InetAddress address, boolean known) {
    String place = place(address);
    total--;
    if (!known) {
      strangers--;
    }
    perAddress.computeIfPresent(place, (key, count) -> count > 1 ? count - 1 : null);
  }

  private boolean withinRate(String place) {
    long now = nanos.getAsLong();
    Bucket bucket = rates.getOrDefault(place, new Bucket(limits.rate(), now));
    double filled =
        Math.min(
            limits.rate(),
            bucket.left() + (now - bucket.atNanos()) * (double) limits.rate() / MINUTE);
    rates.put(place, new Bucket(filled >= 1 ? filled - 1 : filled, now));
    return filled >= 1;
  }

  /** At most a line in a minute: a flood must not fill the log. */
  private void tell(String place) {
    long now = nanos.getAsLong();
    if (now - toldAt >= MINUTE) {
      toldAt = now;
      LOG.warn(
          "SSH: {} connections were refused by the limits so far, the last from {}: {} are open, {}"
              + " of them have not proved who they are",
          refused,
          place,
          total,
          strangers);
    }
  }

  /** IPv6 gives everybody a /64 of addresses. */
  private static String place(InetAddress address) {
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(address.getAddress(), 0, 8) + "::/64"
        : address.getHostAddress();
  }

  /**
   * SSHD's own place for this, a listener of accepted connections, leaves the refused socket open.
   */
  SessionFactory sessions(ServerFactoryManager server) {
    return new SessionFactory(server) {
      @Override
      protected ServerSessionImpl doCreateSession(IoSession connection) throws Exception {
        InetAddress from = ((InetSocketAddress) connection.getRemoteAddress()).getAddress();
        if (!enter(from)) {
          connection.close(true);
          throw new IOException("over the limits of SSH connections");
        }
        try {
          ServerSessionImpl session = super.doCreateSession(connection);
          unknown.add(session);
          session.addCloseFutureListener(closed -> leave(from, !unknown.remove(session)));
          return session;
        } catch (Exception e) {
          leave(from, false);
          throw e;
        }
      }
    };
  }

  @Override
  public void sessionEvent(Session session, Event event) {
    if (event == Event.Authenticated && unknown.remove(session)) {
      known();
    }
  }
}

package io.lifeline.kubelet.server;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Connections whose caller has not proved who he is. They may take half of all places, and one
 * address no more than a burst of sessions needs: so strangers cannot keep the API server out by
 * being many. Any thread.
 */
final class Newcomers {

  /** A hundred sessions may begin at once, all from the API server. */
  private static final int MOST_OF_ONE_ADDRESS = 128;

  private final int most;
  private final Map<InetAddress, Integer> counts = new HashMap<>();
  private int total;

  Newcomers(int connections) {
    this.most = Math.max(1, connections / 2);
  }

  /** Whether there is a place for one more; it is taken if there is. */
  synchronized boolean enter(InetAddress address) {
    int count = counts.getOrDefault(address, 0);
    if (total >= most || count >= MOST_OF_ONE_ADDRESS) {
      return false;
    }
    total++;
    counts.put(address, count + 1);
    return true;
  }

  /** One has proved who he is, or has gone. */
  synchronized void leave(InetAddress address) {
    total--;
    counts.computeIfPresent(address, (key, count) -> count > 1 ? count - 1 : null);
  }
}

package io.lifeline.node.upgrade;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;

/** Our bundles: which they are, in which order they are replaced, and what is noticed of it. */
final class Names {

  private static final String PREFIX = "io.lifeline.";

  /** Rooms that nobody's session goes through first; the doors last; then who does it all. */
  private static final List<String> ORDER =
      List.of(
          "security.pki",
          "node.worker",
          "node.monitor",
          "node.credential",
          "security.delegated",
          "node.backup",
          "node.rescue",
          "debugpod",
          "console",
          "runtime.oci",
          "session.engine",
          "kubelet.streaming",
          "kubelet.server",
          "ssh.server",
          "node.rollout",
          "node.upgrade");

  private static final int UNKNOWN = ORDER.indexOf("runtime.oci");

  private static final Map<String, String> EFFECTS =
      Map.of(
          "runtime.oci",
          "processes that run keep the old code until they end; new ones have the new",
          "session.engine",
          "sessions that are open keep the old code until they end; all are listed and joined as"
              + " before",
          "kubelet.streaming",
          "connections that are open keep the old code until they end",
          "kubelet.server",
          "connections that are open go on and keep the old code until they end; who comes in"
              + " between waits for some hundred milliseconds",
          "ssh.server",
          "connections that are open go on and keep the old code until they end; a new one may be"
              + " refused for a moment",
          "console",
          "the commands are away for a moment");

  private Names() {}

  static boolean isOurs(Bundle bundle) {
    String name = bundle.getSymbolicName();
    return name != null && name.startsWith(PREFIX);
  }

  static boolean isOurs(String symbolicName) {
    return symbolicName.startsWith(PREFIX);
  }

  static Comparator<String> order() {
    return Comparator.comparingInt(Names::rank).thenComparing(Comparator.naturalOrder());
  }

  private static int rank(String symbolicName) {
    int known = ORDER.indexOf(room(symbolicName));
    return 2 * (known < 0 ? UNKNOWN : known) - (known < 0 ? 1 : 0);
  }

  /** What is noticed when it is replaced; empty when nothing is. */
  static String effect(String symbolicName) {
    String effect = EFFECTS.getOrDefault(room(symbolicName), "");
    return effect.isEmpty() ? "" : room(symbolicName) + ": " + effect;
  }

  private static String room(String symbolicName) {
    return symbolicName.substring(PREFIX.length());
  }
}

package io.lifeline.crd;

import java.util.List;

/** What a person at the operator's console sees and decides. A service. Any thread; may block. */
public interface NodeDebugDesk {

  /** Every NodeDebug, as the operator sees it now, by name. */
  List<NodeDebug> list();

  /**
   * Approves the certificate request that a NodeDebug waits with, as the operator: the API server's
   * audit log has the operator's name for it, and the request's condition this person's.
   *
   * @param name the NodeDebug's
   * @param person who says so, as far as the console knows
   * @return the request's name
   * @throws IllegalStateException when none waits, or a policy refuses it; the message says which
   */
  String approve(String name, String person);
}

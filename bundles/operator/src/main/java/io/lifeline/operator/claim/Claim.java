package io.lifeline.operator.claim;

import io.lifeline.crd.NodeDebug;

/**
 * A NodeDebug's claim to a worker.
 *
 * @param worker the worker it was first created for
 */
public record Claim(NodeDebug nodeDebug, String worker, Standing standing) {

  public String name() {
    return nodeDebug.getMetadata().getName();
  }

  public boolean live() {
    return standing instanceof Standing.Live;
  }

  /** The backup Node of its worker. */
  public String backupNode() {
    return NodeDebug.backupNode(worker);
  }

  @Override
  public String toString() {
    return "NodeDebug " + name();
  }
}

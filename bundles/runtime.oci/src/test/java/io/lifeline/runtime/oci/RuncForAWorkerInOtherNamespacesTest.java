package io.lifeline.runtime.oci;

import io.lifeline.runtime.oci.container.ExecBy;

/**
 * The agent in a pod: the worker's mounts, names and networks are other than its own, and are seen
 * through {@code /proc/<pid>/root} alone.
 */
class RuncForAWorkerInOtherNamespacesTest extends RuntimeContract {

  private OtherWorker worker;

  RuncForAWorkerInOtherNamespacesTest() {
    super("runc", ExecBy.AGENT);
  }

  @Override
  Fixture fixture(String runtime) throws Exception {
    Fixture.needRoot();
    worker = new OtherWorker("--uts --ipc --net", "hostname other");
    return new Fixture(runtime, ExecBy.AGENT, worker.root, worker.state());
  }

  @Override
  void afterwards() throws Exception {
    if (worker != null) {
      worker.close();
    }
  }
}

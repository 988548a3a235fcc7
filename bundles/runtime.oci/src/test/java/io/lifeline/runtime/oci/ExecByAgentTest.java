package io.lifeline.runtime.oci;

import io.lifeline.runtime.oci.container.ExecBy;

/**
 * Processes are started by the agent itself, where single threads may be in cgroups of their own.
 */
class ExecByAgentTest extends RuntimeContract {

  ExecByAgentTest() {
    super("crun", ExecBy.AGENT);
  }
}

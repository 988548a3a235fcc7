package io.lifeline.runtime.oci;

import io.lifeline.runtime.oci.container.ExecBy;

/** Also on a machine with hybrid cgroups and a crun that refuses them. */
class CrunTest extends RuntimeContract {

  CrunTest() {
    super("crun", ExecBy.RUNTIME);
  }
}

package io.lifeline.runtime.oci;

import io.lifeline.runtime.oci.container.ExecBy;

/** Every process by {@code runc exec}. */
class RuncTest extends RuntimeContract {

  RuncTest() {
    super("runc", ExecBy.RUNTIME);
  }
}

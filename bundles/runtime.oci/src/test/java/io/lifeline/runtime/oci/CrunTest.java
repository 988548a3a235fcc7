package io.lifeline.runtime.oci;

/** Also on a machine with hybrid cgroups and a crun that refuses them. */
class CrunTest extends RuntimeContract {

  CrunTest() {
    super("crun");
  }
}

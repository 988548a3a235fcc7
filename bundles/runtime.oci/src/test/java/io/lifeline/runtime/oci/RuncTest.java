package io.lifeline.runtime.oci;

class RuncTest extends RuntimeContract {

  RuncTest() {
    super("runc");
  }
}

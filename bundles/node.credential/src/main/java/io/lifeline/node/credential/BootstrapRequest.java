package io.lifeline.node.credential;

import io.lifeline.security.api.ApiAccess;

/**
 * A certificate request made with the bootstrap identity.
 *
 * @param name the CertificateSigningRequest's name
 * @param keyPem the key it is for
 * @param access the bootstrap identity, to look whether it was approved
 */
record BootstrapRequest(String name, String keyPem, ApiAccess access) {

  @Override
  public String toString() {
    return "BootstrapRequest[" + name + "]";
  }
}

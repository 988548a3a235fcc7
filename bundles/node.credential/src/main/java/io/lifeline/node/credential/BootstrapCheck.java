package io.lifeline.node.credential;

import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.CredentialException.Kind;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.Pem;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Refuses a bootstrap kubeconfig that points elsewhere than to the cluster that was pinned (threat
 * T2): whoever can make a node talk to another API server has root on it.
 */
final class BootstrapCheck {

  private BootstrapCheck() {}

  static void check(ApiAccess handed, Pins pins) throws CredentialException {
    if (pins.servers().stream().noneMatch(pinned -> same(pinned, handed.server()))) {
      throw new CredentialException(
          Kind.UNTRUSTED,
          "the bootstrap kubeconfig points to %s, which is none of the API servers pinned while the worker was Ready (%s); if it is right, add it to 'api.servers' in etc/%s.cfg"
              .formatted(handed.server(), pins.servers(), CredentialSettings.PID));
    }
    if (!certificates(pins.caPem()).containsAll(certificates(handed.caPem()))) {
      throw new CredentialException(
          Kind.UNTRUSTED,
          "the bootstrap kubeconfig names another cluster authority than the one pinned while the"
              + " worker was Ready: refused");
    }
  }

  private static boolean same(URI pinned, URI handed) {
    return "https".equals(handed.getScheme())
        && pinned.getHost().equalsIgnoreCase(String.valueOf(handed.getHost()))
        && port(pinned) == port(handed);
  }

  private static int port(URI uri) {
    return uri.getPort() < 0 ? 443 : uri.getPort();
  }

  private static List<X509Certificate> certificates(String pem) throws CredentialException {
    try {
      return Pem.certificates(pem);
    } catch (GeneralSecurityException e) {
      throw new CredentialException(
          Kind.UNTRUSTED, "a cluster authority's certificate cannot be read", e);
    }
  }
}

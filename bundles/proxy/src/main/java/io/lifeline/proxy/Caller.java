package io.lifeline.proxy;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.apache.cxf.jaxrs.ext.MessageContext;
import org.apache.cxf.security.transport.TLSSessionInfo;

/** Who is at the other end of a TLS connection, which the project's authority has vouched for. */
record Caller(Optional<X509Certificate> certificate) {

  static Caller of(MessageContext context) {
    Object session = context.get(TLSSessionInfo.class.getName());
    if (session instanceof TLSSessionInfo info && info.getPeerCertificates() != null) {
      for (Certificate certificate : info.getPeerCertificates()) {
        // The leaf comes first.
        return new Caller(Optional.of((X509Certificate) certificate));
      }
    }
    return new Caller(Optional.empty());
  }

  /** Its subject, for the log. */
  String who() {
    return certificate.map(c -> c.getSubjectX500Principal().getName()).orElse("nobody");
  }

  /** The agent it is; empty when it is none. */
  Optional<Agent> agent() {
    return certificate.flatMap(Agent::of);
  }
}

package io.lifeline.kubelet.server;

import io.lifeline.security.api.Authenticator;
import io.lifeline.security.api.Identity;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection. TLS has proved that the peer holds its certificate's
 * key, nothing more; whom the certificate stands for is asked once a connection. One request at a
 * time.
 */
final class Caller {

  private static final String BEARER = "Bearer ";

  private final SslHandler tls;
  private @Nullable Authenticator asked;
  private Optional<Identity> certified = Optional.empty();
  private volatile boolean known;

  Caller(SslHandler tls) {
    this.tls = tls;
  }

  /** Who calls; may block. Empty when nothing was proved. */
  Optional<Identity> identify(HttpRequest request, Authenticator authenticator) {
    Optional<Identity> who = ask(request, authenticator);
    known |= who.isPresent();
    return who;
  }

  /** Whether somebody was proved at least once on this connection. Any thread. */
  boolean isKnown() {
    return known;
  }

  private Optional<Identity> ask(HttpRequest request, Authenticator authenticator) {
    // A no is not remembered: the next request asks again. Nor is the word of one who has gone.
    if (certified.isEmpty() || asked != authenticator) {
      asked = authenticator;
      List<X509Certificate> chain = chain();
      certified = chain.isEmpty() ? Optional.empty() : authenticator.certificate(chain);
    }
    if (certified.isPresent()) {
      return certified;
    }
    String header = request.headers().get(HttpHeaderNames.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.empty();
    }
    String token = header.substring(BEARER.length()).strip();
    return token.isEmpty() ? Optional.empty() : authenticator.token(token);
  }

  private List<X509Certificate> chain() {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      for (Certificate certificate : tls.engine().getSession().getPeerCertificates()) {
        if (certificate instanceof X509Certificate x509) {
          chain.add(x509);
        }
      }
    } catch (SSLPeerUnverifiedException e) {
      // The peer has shown none: it may still bring a token.
      return List.of();
    }
    return chain;
  }
}

package io.lifeline.kubernetes.internal;

import io.lifeline.security.api.CertificateDates;
import io.lifeline.security.api.ClusterTime;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's own judgement of a chain (PKIX to the given authorities, the server's name or address,
 * key usage, algorithms), at the cluster's time instead of the machine's.
 */
final class JudgedTrust extends X509ExtendedTrustManager {

  /** A chain that was found good. */
  private record Server(X509Certificate[] chain, String authType) {}

  private final Set<TrustAnchor> authorities;
  private final X509Certificate[] issuers;
  private final ClusterTime time;
  private volatile @Nullable Server last;

  JudgedTrust(Collection<X509Certificate> authorities, ClusterTime time) {
    this.authorities =
        authorities.stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toUnmodifiableSet());
    this.issuers = authorities.toArray(X509Certificate[]::new);
    this.time = time;
  }

  /**
   * Whether the server that answers would be believed at that moment, too. A time at which it would
   * not is none to go by: it could never be corrected again.
   */
  boolean wouldHold(Instant moment) {
    Server server = last;
    if (server == null) {
      return false;
    }
    try {
      at(moment).checkServerTrusted(server.chain(), server.authType());
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  private X509ExtendedTrustManager now(X509Certificate[] chain) throws CertificateException {
    if (chain == null || chain.length == 0) {
      throw new IllegalArgumentException("no certificate");
    }
    return at(CertificateDates.judged(chain[0], time));
  }

  /** Cheap beside a handshake: nothing is read, the authorities are there. */
  private X509ExtendedTrustManager at(Instant moment) throws CertificateException {
    try {
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(authorities, null);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(moment));
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the authorities cannot be used", e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    now(chain).checkServerTrusted(chain, authType, engine);
    last = new Server(chain.clone(), authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    now(chain).checkServerTrusted(chain, authType, socket);
    last = new Server(chain.clone(), authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    now(chain).checkServerTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    now(chain).checkClientTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    now(chain).checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    now(chain).checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return issuers.clone();
  }
}

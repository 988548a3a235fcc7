package io.lifeline.kubernetes.internal;

import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.security.api.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;

/**
 * Whom a client trusts and what it shows. Only the access's own authority is trusted, never the
 * JDK's list; EC and RSA keys alike. Dates are judged by the cluster's time.
 *
 * @param keys none where the access is by token
 */
record Tls(KeyManager[] keys, JudgedTrust server) {

  static Tls of(ApiAccess access, ClusterTime time) {
    try {
      return new Tls(keys(access), new JudgedTrust(Pem.certificates(access.caPem()), time));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "the certificates or the key for %s cannot be used: %s"
              .formatted(access.server(), e.getMessage()),
          e);
    }
  }

  private static KeyManager[] keys(ApiAccess access) throws GeneralSecurityException, IOException {
    String certificate = access.certificatePem();
    String key = access.keyPem();
    if (certificate == null || key == null) {
      return new KeyManager[0];
    }
    KeyStore store = empty();
    store.setKeyEntry(
        "client",
        Pem.privateKey(PrivateKeyPem.pkcs8(key)),
        new char[0],
        Pem.certificates(certificate).toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  TrustManager[] trust() {
    return new TrustManager[] {server};
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }
}

package io.lifeline.proxy;

import io.lifeline.security.api.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.apache.cxf.configuration.jsse.TLSServerParameters;
import org.apache.cxf.configuration.security.ClientAuthentication;

/** The proxy's certificate and key, and the one authority whose clients it lets in. */
record TlsFiles(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> trusted) {

  /**
   * Reads tls.crt, tls.key and ca.crt of a folder.
   *
   * @throws IOException when one is missing or is not what its name says; it names the file
   */
  static TlsFiles read(Path folder) throws IOException {
    try {
      return new TlsFiles(
          Pem.certificates(text(folder.resolve("tls.crt"))),
          Pem.privateKey(text(folder.resolve("tls.key"))),
          Pem.certificates(text(folder.resolve("ca.crt"))));
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "the certificate, key and authority in %s cannot be read: %s"
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  private static String text(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException(
          "%s is missing: it comes from the Secret lifeline-proxy-tls".formatted(file));
    }
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  /** For Jetty: a client certificate is required, and TLS 1.2 at least. */
  TLSServerParameters parameters() throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry("proxy", key, new char[0], chain.toArray(X509Certificate[]::new));
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, new char[0]);
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    for (X509Certificate ca : trusted) {
      trust.setCertificateEntry(Integer.toString(trust.size()), ca);
    }
    TrustManagerFactory trustManagers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trustManagers.init(trust);
    ClientAuthentication clients = new ClientAuthentication();
    clients.setWant(true);
    clients.setRequired(true);
    TLSServerParameters parameters = new TLSServerParameters();
    parameters.setKeyManagers(Objects.requireNonNull(keyManagers.getKeyManagers(), "keys"));
    parameters.setTrustManagers(Objects.requireNonNull(trustManagers.getTrustManagers(), "trust"));
    parameters.setClientAuthentication(clients);
    parameters.setIncludeProtocols(List.of("TLSv1.3", "TLSv1.2"));
    return parameters;
  }

  @Override
  public String toString() {
    return "TlsFiles[" + chain.get(0).getSubjectX500Principal() + "]";
  }
}

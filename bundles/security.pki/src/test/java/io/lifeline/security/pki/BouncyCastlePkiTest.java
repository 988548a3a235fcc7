package io.lifeline.security.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lifeline.security.api.CertificateAuthority;
import io.lifeline.security.api.CertificateAuthority.Usage;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BouncyCastlePkiTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final CertificateSubject SERVER =
      new CertificateSubject(
          "system:node:w2-debug",
          List.of("system:nodes"),
          List.of("w2", "w2-debug"),
          List.of("10.0.0.12", "fd00:0:0:0:0:0:0:c"));

  private final BouncyCastlePki pki = new BouncyCastlePki(Clock.fixed(NOW, ZoneOffset.UTC));
  private final CertificateAuthority authority = pki.newAuthority("lifeline", Duration.ofDays(30));

  @TempDir Path directory;

  @Test
  void aRequestSaysWhatItWasMadeFor() throws Exception {
    assertThat(pki.subject(pki.request(pki.newKey(), SERVER))).isEqualTo(SERVER);
    CertificateSubject client = CertificateSubject.client("lifeline:agent:w2", "lifeline:agents");
    assertThat(pki.subject(pki.request(pki.newKey(), client))).isEqualTo(client);
  }

  @Test
  void aSignedCertificateHasTheRequestsNamesAndNothingMore() throws Exception {
    KeyPair key = pki.newKey();
    X509Certificate leaf =
        authority.sign(pki.request(key, SERVER), Usage.SERVER, Duration.ofHours(1));
    leaf.verify(authority.certificate().getPublicKey());
    assertThat(leaf.getPublicKey()).isEqualTo(key.getPublic());
    assertThat(leaf.getSubjectX500Principal().getName())
        .isEqualTo("CN=system:node:w2-debug,O=system:nodes");
    assertThat(leaf.getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.get(1)))
        .containsExactly("w2", "w2-debug", "10.0.0.12", "fd00:0:0:0:0:0:0:c");
    assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(leaf.getNotBefore()).isEqualTo(NOW.minus(Duration.ofMinutes(5)));
    assertThat(leaf.getNotAfter()).isEqualTo(NOW.plus(Duration.ofHours(1)));
  }

  @Test
  void aClientsCertificateIsForClientsOnly() throws Exception {
    String request = pki.request(pki.newKey(), CertificateSubject.client("a", "b"));
    assertThat(authority.sign(request, Usage.CLIENT, Duration.ofDays(1)).getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.2");
  }

  @Test
  void noCertificateOutlivesItsAuthority() throws Exception {
    String request = pki.request(pki.newKey(), SERVER);
    assertThat(authority.sign(request, Usage.CLIENT, Duration.ofDays(31)).getNotAfter())
        .isEqualTo(authority.certificate().getNotAfter());
  }

  @Test
  void anAuthorityThatWasKeptSignsOn() throws Exception {
    CertificateAuthority again =
        pki.authority(
            Pem.certificates(Pem.certificates(List.of(authority.certificate()))).get(0),
            Pem.privateKey(Pem.privateKey(authority.key())));
    again
        .sign(pki.request(pki.newKey(), SERVER), Usage.SERVER, Duration.ofHours(1))
        .verify(authority.certificate().getPublicKey());
    assertThat(again.toString()).isEqualTo("Authority[CN=lifeline]");
  }

  @Test
  void aRequestThatWasTamperedWithIsRefused() {
    byte[] der = der(pki.request(pki.newKey(), SERVER));
    // one letter of the common name
    int at = indexOf(der, "w2-debug".getBytes(StandardCharsets.US_ASCII));
    der[at + 1] = '3';
    String tampered = Pem.block("CERTIFICATE REQUEST", der);
    assertThatThrownBy(() -> pki.subject(tampered))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("not signed by the key");
    assertThatThrownBy(() -> authority.sign(tampered, Usage.SERVER, Duration.ofHours(1)))
        .isInstanceOf(GeneralSecurityException.class);
  }

  /** Some bytes change the encoding only, so it may be read: but never as anything else. */
  @Test
  void noChangedByteMakesAnotherRequest() {
    byte[] der = der(pki.request(pki.newKey(), SERVER));
    int refused = 0;
    for (int i = 0; i < der.length; i++) {
      byte[] changed = der.clone();
      changed[i] ^= 0x01;
      try {
        assertThat(pki.subject(Pem.block("CERTIFICATE REQUEST", changed))).isEqualTo(SERVER);
      } catch (GeneralSecurityException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(der.length - 10);
    assertThatThrownBy(() -> pki.subject("no PEM at all"))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void whatASubjectCannotSayIsRefused() throws Exception {
    for (String[] request :
        List.of(
            new String[] {"/O=system:nodes/CN=x/OU=y", "basicConstraints=CA:FALSE"},
            new String[] {"/CN=x/CN=y", "basicConstraints=CA:FALSE"},
            new String[] {"/O=x", "basicConstraints=CA:FALSE"},
            new String[] {"/CN=x", "basicConstraints=CA:TRUE"},
            new String[] {"/CN=x", "subjectAltName=URI:spiffe://x/y"},
            new String[] {"/CN=x", "subjectAltName=email:a@b.c"})) {
      String pem = openssl(request[0], request[1]);
      assertThatThrownBy(() -> pki.subject(pem))
          .as(String.join(" ", request))
          .isInstanceOf(GeneralSecurityException.class);
    }
  }

  @Test
  void opensslAndWeReadEachOther() throws Exception {
    assertThat(pki.subject(openssl("/O=o/CN=c", "subjectAltName=DNS:a.b,IP:10.0.0.1")))
        .isEqualTo(new CertificateSubject("c", List.of("o"), List.of("a.b"), List.of("10.0.0.1")));
    Path request = directory.resolve("ours.csr");
    Files.writeString(request, pki.request(pki.newKey(), SERVER));
    assertThat(run("openssl", "req", "-in", request.toString(), "-noout", "-verify", "-text"))
        .contains("O = system:nodes, CN = system:node:w2-debug", "DNS:w2", "IP Address:10.0.0.12");
  }

  private String openssl(String subject, String extension) throws Exception {
    Path key = directory.resolve("k");
    Path csr = directory.resolve("r");
    run(
        List.of(
                ("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "
                        + key
                        + " -out "
                        + csr
                        + " -subj "
                        + subject
                        + " -addext "
                        + extension)
                    .split(" "))
            .toArray(String[]::new));
    return Files.readString(csr);
  }

  private static String run(String... command) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static byte[] der(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
  }

  private static int indexOf(byte[] in, byte[] part) {
    for (int i = 0; i + part.length <= in.length; i++) {
      if (Arrays.equals(in, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not found");
  }
}

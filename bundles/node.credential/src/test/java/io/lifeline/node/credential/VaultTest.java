package io.lifeline.node.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.ServingCertificates.ServingCertificate;
import io.lifeline.security.api.ApiAccess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {

  @TempDir private Path state;
  private Vault vault;

  @BeforeEach
  void open() {
    vault = new Vault(state);
  }

  @Test
  void whatIsKeptIsFoundByTheNextLife() throws Exception {
    Pins pins =
        new Pins(
            List.of(URI.create("https://10.0.0.10:6443")), "ca\nx\n", "cc", List.of("10.0.0.1"));
    Enrolment enrolment = Authorities.enrolment(Authorities.authority("ours"), "w9");
    BootstrapRequest request =
        new BootstrapRequest(
            "csr", "key", ApiAccess.token(URI.create("https://10.0.0.10:6443"), "ca", "t"));
    NodeCredential credential = credential(Duration.ofHours(1));
    vault.keep(pins);
    vault.keep(enrolment);
    vault.keep(request);
    vault.keep(credential);
    Vault next = new Vault(state);
    assertThat(next.pins()).contains(pins);
    assertThat(next.enrolment().orElseThrow().chain()).isEqualTo(enrolment.chain());
    assertThat(next.request()).contains(request);
    assertThat(next.credential(Duration.ofSeconds(20))).contains(credential);
  }

  /** The cluster's signer gives one certificate, and no authority's beside it. */
  @Test
  void theServingCertificateIsFoundAgainWithItsCredentialAndWithNoOther() throws Exception {
    Enrolment of = Authorities.enrolment(Authorities.authority("ours"), "w9");
    NodeCredential credential = credential(Duration.ofHours(1));
    vault.keep(new ServingCertificate(of.key(), List.of(of.certificate()), true), credential);
    Vault next = new Vault(state);
    assertThat(next.serving(credential))
        .hasValueSatisfying(
            kept -> {
              assertThat(kept.chain()).containsExactly(of.certificate());
              assertThat(kept.key()).isEqualTo(of.key());
            });
    assertThat(next.serving(credential(Duration.ofHours(2)))).isEmpty();
  }

  @Test
  void aCredentialThatIsNearlyOverIsNotFound() {
    vault.keep(credential(Duration.ofSeconds(5)));
    assertThat(vault.credential(Duration.ofSeconds(20))).isEmpty();
  }

  @Test
  void theRescueIsForgottenAndTheEnrolmentStays() throws Exception {
    vault.keep(Authorities.enrolment(Authorities.authority("ours"), "w9"));
    vault.keep(credential(Duration.ofHours(1)));
    vault.forgetRescue();
    assertThat(vault.credential(Duration.ZERO)).isEmpty();
    assertThat(vault.enrolment()).isPresent();
  }

  @Test
  void nobodyElseCanReadIt() throws Exception {
    vault.keep(credential(Duration.ofHours(1)));
    try (var files = Files.list(state.resolve("credential"))) {
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void aDamagedFileIsMadeAnewAndHarmsNothing() throws Exception {
    Files.createDirectories(state.resolve("credential"));
    Files.writeString(state.resolve("credential/enrolment"), "key=junk\nchain=\\u00zz");
    assertThat(vault.enrolment()).isEmpty();
    Files.writeString(state.resolve("credential/node"), "server=https://x\nend=soon");
    assertThat(vault.credential(Duration.ZERO)).isEmpty();
  }

  @Test
  void nothingSecretIsInItsText() throws Exception {
    Enrolment enrolment = Authorities.enrolment(Authorities.authority("ours"), "w9");
    assertThat(enrolment.toString()).doesNotContain("PRIVATE");
    assertThat(credential(Duration.ofHours(1)).toString()).doesNotContain("the-key");
  }

  private static NodeCredential credential(Duration life) {
    return new NodeCredential(
        ApiAccess.certificate(URI.create("https://10.0.0.10:6443"), "ca", "crt", "the-key"),
        "cc",
        System.nanoTime() + life.toNanos(),
        Instant.parse("2026-01-01T01:00:00Z"));
  }
}

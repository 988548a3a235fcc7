package io.lifeline.security.delegated;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.security.api.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClientCertificatesTest {

  private static final Instant NOON = Authority.BORN.plus(Duration.ofHours(12));
  private static final Duration DAY = Duration.ofDays(1);

  private final Authority cluster = Authority.root("CN=kubernetes");
  private final ClientCertificates certificates = new ClientCertificates(cluster.pem(), () -> NOON);

  ClientCertificatesTest() throws Exception {}

  @Test
  void aGoodCertificateIsItsUserAndGroups() throws Exception {
    assertThat(
            certificates.identify(
                List.of(cluster.client("CN=kube-apiserver,O=system:masters+O=more", DAY))))
        .contains(
            new Identity(
                "kube-apiserver",
                Set.of("system:masters", "more"),
                Identity.Proof.CLIENT_CERTIFICATE));
  }

  @Test
  void anIntermediateThatIsShownIsFollowed() throws Exception {
    Authority intermediate = cluster.intermediate("CN=front");
    assertThat(
            certificates.identify(
                List.of(intermediate.client("CN=a", DAY), intermediate.certificate)))
        .isPresent();
    assertThat(certificates.identify(List.of(intermediate.client("CN=a", DAY)))).isEmpty();
  }

  @Test
  void anotherAuthorityOfTheSameNameIsRefused() throws Exception {
    Authority other = Authority.root("CN=kubernetes");
    assertThat(certificates.identify(List.of(other.client("CN=a", DAY)))).isEmpty();
    assertThat(certificates.identify(List.of(other.client("CN=a", DAY), cluster.certificate)))
        .isEmpty();
    assertThat(certificates.identify(List.of(other.client("CN=a", DAY), other.certificate)))
        .isEmpty();
  }

  @Test
  void aServersCertificateIsNoClients() throws Exception {
    assertThat(certificates.identify(List.of(cluster.server("CN=w2")))).isEmpty();
    assertThat(certificates.identify(List.of(cluster.certificate))).isEmpty();
  }

  @Test
  void aCertificateThatSignedItsOwnChainIsRefused() throws Exception {
    // A leaf of the cluster's authority must not act as an authority itself.
    assertThat(
            certificates.identify(
                List.of(
                    Authority.root("CN=leaf").client("CN=a", DAY), cluster.client("CN=leaf", DAY))))
        .isEmpty();
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    assertThat(certificates.identify(List.of(cluster.client("CN=a", Duration.ofHours(11)))))
        .isEmpty();
  }

  @Test
  void aSubjectWithoutOneCommonNameIsNobody() throws Exception {
    assertThat(certificates.identify(List.of(cluster.client("O=system:masters", DAY)))).isEmpty();
    assertThat(certificates.identify(List.of(cluster.client("CN=a,CN=b", DAY)))).isEmpty();
  }

  @Test
  void anEmptyOrEndlessChainIsRefused() throws Exception {
    assertThat(certificates.identify(List.of())).isEmpty();
    assertThat(certificates.identify(Collections.nCopies(50, cluster.client("CN=a", DAY))))
        .isEmpty();
  }

  @Test
  void aNameThatTriesToBeTwoIsOne() throws Exception {
    assertThat(certificates.identify(List.of(cluster.client("CN=a\\,O\\=system:masters", DAY))))
        .contains(new Identity("a,O=system:masters", Set.of(), Identity.Proof.CLIENT_CERTIFICATE));
  }
}

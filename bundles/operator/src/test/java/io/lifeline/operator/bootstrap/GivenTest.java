package io.lifeline.operator.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.crd.BootstrapKubeConfig;
import io.lifeline.kubernetes.Kubeconfig;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.CertificateAuthority;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.security.api.Pem;
import io.lifeline.security.pki.BouncyCastlePki;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With kubeconfigs that are the common name of a certificate alone, which anybody can make. */
class GivenTest {

  private final BouncyCastlePki pki = new BouncyCastlePki(ClusterTime.ofMachine());
  private final Given given = new Given(nobody(), new Names());

  private static KubernetesClient nobody() {
    return (KubernetesClient)
        Proxy.newProxyInstance(
            GivenTest.class.getClassLoader(),
            new Class<?>[] {KubernetesClient.class},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException();
            });
  }

  @Test
  void aCertificateNamesItsUser() throws Exception {
    assertThat(given.read(new BootstrapKubeConfig("node-bootstrap", null)).username())
        .isEqualTo("node-bootstrap");
  }

  @Test
  void aCertificateThatClaimsToBeAPartOfTheClusterIsRefused() {
    assertThatThrownBy(() -> given.read(new BootstrapKubeConfig("system:node:w1", null)))
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("a certificate of system:node:w1");
  }

  private final class Names implements Kubeconfig {

    @Override
    public ApiAccess parse(String name, Path root) {
      try {
        KeyPair key = pki.newKey();
        String certificate =
            Pem.certificates(
                List.of(
                    pki.newAuthority("anybody", Duration.ofHours(1))
                        .sign(
                            pki.request(key, CertificateSubject.client(name)),
                            CertificateAuthority.Usage.CLIENT,
                            Duration.ofHours(1))));
        return ApiAccess.certificate(
            URI.create("https://10.0.0.10:6443"),
            "ca",
            certificate,
            Pem.privateKey(key.getPrivate()));
      } catch (java.security.GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public String write(ApiAccess access, String userName) {
      throw new UnsupportedOperationException();
    }
  }
}

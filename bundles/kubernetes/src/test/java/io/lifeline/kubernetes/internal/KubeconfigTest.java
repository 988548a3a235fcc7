package io.lifeline.kubernetes.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.Pem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeconfigTest {

  @TempDir Path folder;
  private final KubeconfigFiles kubeconfig = new KubeconfigFiles();
  private OpenSsl openssl;

  @BeforeEach
  void makeCertificates() throws IOException {
    openssl = new OpenSsl(folder).authority();
    openssl.run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "user.key");
    openssl.certificate("user", "/O=system:nodes/CN=system:node:w1");
  }

  @Test
  void theKubeletsOwnFileIsReadThroughItsLinkBelowTheRoot() throws Exception {
    Path pki = Files.createDirectories(folder.resolve("root/var/lib/kubelet/pki"));
    Files.writeString(pki.resolve("2026.pem"), openssl.read("user.pem") + openssl.read("user.key"));
    Files.createSymbolicLink(
        pki.resolve("kubelet-client-current.pem"), Path.of("/var/lib/kubelet/pki/2026.pem"));
    Files.writeString(pki.resolve("ca.crt"), openssl.read("ca.pem"));

    ApiAccess access =
        kubeconfig.parse(
            yaml(
                "certificate-authority: /var/lib/kubelet/pki/ca.crt",
                "{client-certificate: %1$s, client-key: %1$s}"
                    .formatted("/var/lib/kubelet/pki/kubelet-client-current.pem")),
            folder.resolve("root"));

    assertThat(access.server()).isEqualTo(URI.create("https://10.0.0.10:6443"));
    assertThat(access.clientCertificate())
        .hasValueSatisfying(pem -> assertThat(pem).doesNotContain("KEY"));
    assertThat(Pem.privateKey(access.keyPem()).getAlgorithm()).isEqualTo("EC");
    assertThat(access.token()).isNull();
  }

  @Test
  void whatIsWrittenIsReadBackTheSame() throws Exception {
    ApiAccess certificate =
        ApiAccess.certificate(
            URI.create("https://10.0.0.10:6443"),
            openssl.read("ca.pem"),
            openssl.read("user.pem"),
            PrivateKeyPem.pkcs8(openssl.read("user.key")));
    ApiAccess token =
        ApiAccess.token(URI.create("https://[fd00::1]:6443"), openssl.read("ca.pem"), "a.b\"c\\d");

    assertThat(kubeconfig.parse(kubeconfig.write(certificate, "system:node:w1"), folder))
        .isEqualTo(certificate);
    assertThat(kubeconfig.parse(kubeconfig.write(token, "quo\"ted"), folder)).isEqualTo(token);
  }

  @Test
  void aTokenFileIsReadBelowTheRoot() throws Exception {
    Files.createDirectories(folder.resolve("root"));
    Files.writeString(folder.resolve("root/token"), "tok\n");

    assertThat(
            kubeconfig.parse(yaml(inlineCa(), "tokenFile: /token"), folder.resolve("root")).token())
        .isEqualTo("tok");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          exec: {apiVersion: client.authentication.k8s.io/v1, command: aws} | user.exec
          auth-provider: {name: oidc}                                      | auth-provider
          {username: a, password: b}                                       | password
          as: admin                                                        | impersonates
          client-certificate: relative.pem                                 | relative path
          {}                                                               | neither a client certificate
          """)
  void whatCannotBeKeptIsRefusedAndNamed(String user, String reason) {
    assertThatThrownBy(() -> kubeconfig.parse(yaml(inlineCa(), user), folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aServerThatIsNotCheckedIsRefused() {
    assertThatThrownBy(
            () -> kubeconfig.parse(yaml("insecure-skip-tls-verify: true", "token: t"), folder))
        .hasMessageContaining("insecure-skip-tls-verify");
    assertThatThrownBy(() -> kubeconfig.parse(yaml("extensions: []", "token: t"), folder))
        .hasMessageContaining("certificate-authority");
  }

  @Test
  void aTextThatIsNoKubeconfigIsRefusedWithoutQuotingIt() {
    assertThatThrownBy(() -> kubeconfig.parse("secret: [unclosed", folder))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> kubeconfig.parse("", folder)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> kubeconfig.parse("kind: Config", folder))
        .hasMessageContaining("current-context");
  }

  private String inlineCa() throws IOException {
    return "certificate-authority-data: "
        + Base64.getEncoder().encodeToString(openssl.read("ca.pem").getBytes());
  }

  private static String yaml(String cluster, String user) {
    return """
    apiVersion: v1
    kind: Config
    current-context: here
    contexts:
    - name: here
      context: {cluster: c, user: u}
    clusters:
    - name: c
      cluster:
        server: https://10.0.0.10:6443
        %s
    users:
    - name: u
      user:
        %s
    """
        .formatted(cluster, user);
  }
}

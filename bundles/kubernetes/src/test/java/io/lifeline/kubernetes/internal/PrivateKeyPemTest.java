package io.lifeline.kubernetes.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.security.api.Pem;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateKeyPemTest {

  @TempDir Path folder;

  @Test
  void anEcKeyAsOpensslWritesItIsUsable() throws Exception {
    String pem =
        new OpenSsl(folder)
            .key("k", "ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", "k");

    assertThat(pem).startsWith("-----BEGIN EC PRIVATE KEY");
    assertThat(read(pem).getAlgorithm()).isEqualTo("EC");
  }

  @Test
  void anEcKeyBehindItsParametersIsUsable() throws Exception {
    String pem =
        new OpenSsl(folder).key("k", "ecparam", "-name", "prime256v1", "-genkey", "-out", "k");

    assertThat(pem).startsWith("-----BEGIN EC PARAMETERS");
    assertThat(read(pem).getAlgorithm()).isEqualTo("EC");
  }

  @Test
  void anRsaKeyInItsOldFormIsUsableAndTheSame() throws Exception {
    OpenSsl openssl = new OpenSsl(folder);
    String old = openssl.key("k", "genrsa", "-traditional", "-out", "k", "2048");
    String now = openssl.key("n", "pkcs8", "-topk8", "-nocrypt", "-in", "k", "-out", "n");

    assertThat(old).startsWith("-----BEGIN RSA PRIVATE KEY");
    assertThat(((RSAPrivateKey) read(old)).getPrivateExponent())
        .isEqualTo(((RSAPrivateKey) read(now)).getPrivateExponent());
  }

  @Test
  void aKeyBehindACertificateIsFound() throws Exception {
    OpenSsl openssl = new OpenSsl(folder).authority();

    assertThat(read(openssl.read("ca.pem") + openssl.read("ca.key")).getAlgorithm())
        .isEqualTo("EC");
  }

  @Test
  void anEncryptedKeyIsRefusedWithAReason() throws Exception {
    OpenSsl openssl = new OpenSsl(folder);
    String pem =
        openssl.key("k", "genrsa", "-aes128", "-passout", "pass:secret", "-out", "k", "2048");

    assertThatThrownBy(() -> PrivateKeyPem.pkcs8(pem))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("encrypted");
  }

  @Test
  void anEcKeyThatIsCutShortIsRefused() {
    String pem = Pem.block("EC PRIVATE KEY", new byte[] {0x30, 0x77, 0x02, 0x01, 0x01});

    assertThatThrownBy(() -> PrivateKeyPem.pkcs8(pem))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("cut short");
  }

  private static PrivateKey read(String pem) throws GeneralSecurityException {
    return Pem.privateKey(PrivateKeyPem.pkcs8(pem));
  }
}

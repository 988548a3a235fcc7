package io.lifeline.node.credential;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.Pem;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class BootstrapCheckTest {

  private static final String CA =
      Pem.certificates(List.of(Authorities.authority("cluster").certificate()));
  private static final String OTHER =
      Pem.certificates(List.of(Authorities.authority("attacker").certificate()));
  private static final Pins PINS =
      new Pins(List.of(URI.create("https://10.0.0.10:6443")), CA, CA, List.of());

  private static void check(String server, String ca) throws Exception {
    BootstrapCheck.check(ApiAccess.token(URI.create(server), ca, "t"), PINS);
  }

  @Test
  void thePinnedClusterIsAccepted() {
    assertThatCode(() -> check("https://10.0.0.10:6443", CA)).doesNotThrowAnyException();
    assertThatCode(() -> check("https://10.0.0.10:6443/", CA)).doesNotThrowAnyException();
  }

  @Test
  void anotherServerIsRefused() {
    for (String server :
        List.of(
            "https://10.0.0.66:6443",
            "https://10.0.0.10:6444",
            "http://10.0.0.10:6443",
            "https://10.0.0.10.attacker.example:6443")) {
      assertThatThrownBy(() -> check(server, CA))
          .as(server)
          .hasMessageContaining("none of the API servers pinned");
    }
  }

  @Test
  void anotherAuthorityIsRefusedAlsoBesideTheRightOne() {
    assertThatThrownBy(() -> check("https://10.0.0.10:6443", OTHER))
        .hasMessageContaining("another cluster authority");
    assertThatThrownBy(() -> check("https://10.0.0.10:6443", CA + OTHER))
        .hasMessageContaining("another cluster authority");
    assertThatThrownBy(() -> check("https://10.0.0.10:6443", "junk"))
        .hasMessageContaining("cannot be read");
  }
}

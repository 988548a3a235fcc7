package io.lifeline.runtime.oci.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {

  @Test
  void whatTheMachineForbidsIsNotAskedFor() {
    List<String> names =
        Capabilities.of(List.of("CapPrm:\t000001fffeffffff", "CapBnd:\t000001fffeffffff"));
    assertThat(names).hasSize(40).doesNotContain("CAP_SYS_RESOURCE").contains("CAP_SYS_ADMIN");
    assertThat(Capabilities.of(List.of("CapPrm:\t0000000000000001", "CapBnd:\tffffffffffffffff")))
        .containsExactly("CAP_CHOWN");
  }
}

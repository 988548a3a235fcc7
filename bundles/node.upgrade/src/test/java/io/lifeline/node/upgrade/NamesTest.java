package io.lifeline.node.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NamesTest {

  @Test
  void doorsComeLastAndWhoReplacesThemAfterThem() {
    assertThat(
            Stream.of(
                    "io.lifeline.node.upgrade",
                    "io.lifeline.ssh.server",
                    "io.lifeline.kubelet.server",
                    "io.lifeline.runtime.oci",
                    "io.lifeline.new.room",
                    "io.lifeline.debugpod",
                    "io.lifeline.security.pki")
                .sorted(Names.order()))
        .containsExactly(
            "io.lifeline.security.pki",
            "io.lifeline.debugpod",
            "io.lifeline.new.room",
            "io.lifeline.runtime.oci",
            "io.lifeline.kubelet.server",
            "io.lifeline.ssh.server",
            "io.lifeline.node.upgrade");
  }

  @Test
  void whatSomebodyNoticesIsTold() {
    assertThat(Names.effect("io.lifeline.kubelet.server")).startsWith("kubelet.server: ");
    assertThat(Names.effect("io.lifeline.security.pki")).isEmpty();
  }
}

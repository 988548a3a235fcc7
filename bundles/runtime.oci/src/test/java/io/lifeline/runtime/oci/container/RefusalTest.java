package io.lifeline.runtime.oci.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RefusalTest {

  @Test
  void whatIsAboutTheCommandIsToldFromWhatIsAboutTheRuntime() {
    assertThat(Refusal.ofCommand("x", "executable file `x` not found in $PATH: No such file"))
        .hasValueSatisfying(
            failed -> {
              assertThat(failed.code()).isEqualTo(127);
              assertThat(failed.message())
                  .isEqualTo("exec: \"x\": executable file not found in $PATH");
            });
    assertThat(Refusal.ofCommand("/x", "unable to start: exec: \"/x\": permission denied"))
        .hasValueSatisfying(failed -> assertThat(failed.code()).isEqualTo(126));
    assertThat(Refusal.ofCommand("x", "cgroups: no such file or directory")).isEmpty();
    assertThat(Refusal.ofCommand("x", "container does not exist")).isEmpty();
  }
}

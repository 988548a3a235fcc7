package io.lifeline.runtime.oci.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RefusalTest {

  @Test
  void whatIsAboutTheCommandIsToldFromWhatIsAboutTheRuntime() {
    assertThat(Refusal.byRuntime("x", "executable file `x` not found in $PATH: No such file"))
        .hasValueSatisfying(
            failed -> {
              assertThat(failed.code()).isEqualTo(127);
              assertThat(failed.message())
                  .isEqualTo("exec: \"x\": executable file not found in $PATH");
            });
    assertThat(Refusal.byRuntime("/x", "unable to start: exec: \"/x\": permission denied"))
        .hasValueSatisfying(failed -> assertThat(failed.code()).isEqualTo(126));
    assertThat(Refusal.byRuntime("x", "cgroups: no such file or directory")).isEmpty();
    assertThat(Refusal.byRuntime("x", "container does not exist")).isEmpty();
  }
}

package io.lifeline.runtime.oci.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OomScoreTest {

  @Test
  void whatPeopleStartHasNothingOfTheProtectionThatTheAgentHas() {
    assertThat(OomScore.beside(-997).given()).hasValue(0);
    assertThat(OomScore.beside(-1).given()).hasValue(0);
  }

  @Test
  void nobodyIsAskedForLessThanTheAgentHas() {
    assertThat(OomScore.beside(0).given()).isEmpty();
    assertThat(OomScore.beside(1000).given()).isEmpty();
  }
}

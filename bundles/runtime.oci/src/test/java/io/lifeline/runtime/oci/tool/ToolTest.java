package io.lifeline.runtime.oci.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ToolTest {

  @Test
  void onlyAnOldCrunRefusesHybridCgroups() {
    assertThat(new Tool("/usr/bin/crun", "1.8.1").refusesHybridCgroups()).isTrue();
    assertThat(new Tool("/usr/bin/crun", "1.9").refusesHybridCgroups()).isFalse();
    assertThat(new Tool("/usr/bin/crun", "1.14.4").refusesHybridCgroups()).isFalse();
    assertThat(new Tool("/usr/bin/crun", "UNKNOWN").refusesHybridCgroups()).isFalse();
    assertThat(new Tool("/usr/sbin/runc", "1.1.5").refusesHybridCgroups()).isFalse();
  }
}

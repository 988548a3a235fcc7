package io.lifeline.runtime.oci.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CgroupMountsTest {

  private static final String OLD =
      "31 30 0:27 / /sys/fs/cgroup/cpu rw,relatime shared:9 - cgroup cgroup rw,cpu";
  private static final String UNIFIED =
      "40 30 0:36 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw";
  private static final String OTHER = "22 1 0:20 / /proc rw - proc proc rw";

  @Test
  void hybridIsToldFromEitherAlone() {
    assertThat(CgroupMounts.parse(List.of(OTHER, OLD, UNIFIED)).unifiedBesideOthers())
        .contains("/sys/fs/cgroup/unified");
    assertThat(CgroupMounts.parse(List.of(OTHER, OLD)).unifiedBesideOthers()).isEmpty();
    assertThat(CgroupMounts.parse(List.of(OTHER, UNIFIED)).unifiedBesideOthers()).isEmpty();
    assertThat(CgroupMounts.parse(List.of(OTHER, UNIFIED)).all())
        .containsExactly("/sys/fs/cgroup/unified");
  }
}

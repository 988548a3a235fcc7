package io.lifeline.runtime.oci.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.session.api.ContainerUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupUsageTest {

  @TempDir Path mounts;

  private Path directory(String name, String... files) throws Exception {
    Path directory = Files.createDirectories(mounts.resolve(name));
    for (int i = 0; i < files.length; i += 2) {
      Files.writeString(directory.resolve(files[i]), files[i + 1]);
    }
    return directory;
  }

  @Test
  void theOldHierarchiesAreAddedUpAndTheUnifiedOneBesideThemIsNotCountedTwice() throws Exception {
    assertThat(
            CgroupUsage.of(
                List.of(
                    directory("cpuacct/a", "cpuacct.usage", "5000\n"),
                    directory("cpuacct/a.exec", "cpuacct.usage", "700\n"),
                    directory(
                        "memory/a",
                        "memory.usage_in_bytes",
                        "1000\n",
                        "memory.stat",
                        "inactive_file 1\ntotal_inactive_file 300\n"),
                    directory("unified/a", "cpu.stat", "usage_usec 5\nuser_usec 3\n"))))
        .contains(new ContainerUsage(5700, 1000, 700));
  }

  @Test
  void theUnifiedHierarchyAloneCountsBoth() throws Exception {
    assertThat(
            CgroupUsage.of(
                List.of(
                    directory(
                        "v2/a",
                        "cpu.stat",
                        "usage_usec 5\nuser_usec 3\n",
                        "memory.current",
                        "1000\n",
                        "memory.stat",
                        "anon 600\ninactive_file 2000\n"))))
        .contains(new ContainerUsage(5000, 1000, 0));
  }

  @Test
  void whereNothingIsCountedNothingIsTold() throws Exception {
    assertThat(CgroupUsage.of(List.of(directory("freezer/a")))).isEmpty();
    assertThat(CgroupUsage.of(List.of())).isEmpty();
  }
}

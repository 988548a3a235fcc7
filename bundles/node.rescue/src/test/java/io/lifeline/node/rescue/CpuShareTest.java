package io.lifeline.node.rescue;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.node.api.RescuePhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuShareTest {

  private static final String BURSTABLE = "sys/fs/cgroup/cpu,cpuacct/kubepods/burstable";
  private static final String SLICES = "sys/fs/cgroup/kubepods.slice/kubepods-burstable.slice";

  @TempDir private Path root;

  @Test
  void theCgroupsUpToThatOfAllPodsWeighMoreUntilTheEnd() throws IOException {
    Path agent = weight(BURSTABLE + "/podagent/one/cpu.shares", 10);
    Path pod = weight(BURSTABLE + "/podagent/cpu.shares", 10);
    weight(BURSTABLE + "/podagent/pause/cpu.shares", 2);
    Path other = weight(BURSTABLE + "/podother/cpu.shares", 1536);
    Path burstable = weight(BURSTABLE + "/cpu.shares", 1546);
    Path all = weight("sys/fs/cgroup/cpu,cpuacct/kubepods/cpu.shares", 2048);
    CpuShare cpu = share("4:cpu,cpuacct:/kubepods/burstable/podagent/one\n0::/\n", 1024);

    cpu.follow(RescuePhase.SEEKING);
    cpu.follow(RescuePhase.SERVING);

    assertThat(agent).hasContent("1024");
    assertThat(pod).hasContent("1026");
    assertThat(burstable).hasContent("2562");
    assertThat(other).hasContent("1536");
    assertThat(all).hasContent("2048");

    cpu.follow(RescuePhase.WATCHING);

    assertThat(agent).hasContent("10");
    assertThat(pod).hasContent("10");
    assertThat(burstable).hasContent("1546");
    assertThat(root.resolve("changes")).doesNotExist();
  }

  @Test
  void aWeightOfCgroupV2IsAsMuch() throws IOException {
    Path agent = weight(SLICES + "/pod.slice/cri.scope/cpu.weight", 1);
    Path pod = weight(SLICES + "/pod.slice/cpu.weight", 1);
    Path burstable = weight(SLICES + "/cpu.weight", 100);
    CpuShare cpu = share("0::/kubepods.slice/kubepods-burstable.slice/pod.slice/cri.scope\n", 1024);

    cpu.follow(RescuePhase.SEEKING);

    assertThat(agent).hasContent("39");
    assertThat(pod).hasContent("39");
    assertThat(burstable).hasContent("100");
  }

  @Test
  void theNextLifeUndoesWhatItsLastOneChangedAndNothingElse() throws IOException {
    Path pod = weight(BURSTABLE + "/podagent/cpu.shares", 10);
    Path burstable = weight(BURSTABLE + "/cpu.shares", 12);
    String own = "4:cpu,cpuacct:/kubepods/burstable/podagent\n";
    share(own, 1024).follow(RescuePhase.SEEKING);
    CpuShare next = share(own, 1024);
    next.follow(RescuePhase.REGISTERING);
    // The kubelet is back.
    Files.writeString(burstable, "14");

    next.follow(RescuePhase.WATCHING);

    assertThat(pod).hasContent("10");
    assertThat(burstable).hasContent("14");
  }

  @Test
  void anAgentWithoutAPodIsLeftAlone() throws IOException {
    Path service = weight("sys/fs/cgroup/cpu/system.slice/lifeline-agent.service/cpu.shares", 1000);

    share("4:cpu:/system.slice/lifeline-agent.service\n", 1024).follow(RescuePhase.SEEKING);

    assertThat(service).hasContent("1000");
    assertThat(root.resolve("changes")).doesNotExist();
  }

  @Test
  void zeroChangesNothing() throws IOException {
    Path pod = weight(BURSTABLE + "/podagent/cpu.shares", 10);

    share("4:cpu,cpuacct:/kubepods/burstable/podagent\n", 0).follow(RescuePhase.SEEKING);

    assertThat(pod).hasContent("10");
  }

  private Path weight(String path, int value) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, value + "\n");
  }

  private CpuShare share(String own, int shares) throws IOException {
    Path file = Files.writeString(root.resolve("own"), own);
    return new CpuShare(root, file, root.resolve("changes"), shares);
  }
}

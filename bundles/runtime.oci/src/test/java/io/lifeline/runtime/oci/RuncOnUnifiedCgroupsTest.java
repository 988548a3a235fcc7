package io.lifeline.runtime.oci;

import static io.lifeline.runtime.oci.Fixture.command;
import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.runtime.oci.container.ExecBy;
import io.lifeline.session.api.DebugContainer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that has cgroup v2 alone. */
class RuncOnUnifiedCgroupsTest extends RuntimeContract {

  private OtherWorker worker;

  RuncOnUnifiedCgroupsTest() {
    super("runc", ExecBy.AGENT);
  }

  @Override
  Fixture fixture(String runtime) throws Exception {
    return onV2(runtime);
  }

  private Fixture onV2(String runtimes) throws Exception {
    Fixture.needRoot();
    if (worker == null) {
      worker =
          new OtherWorker(
              "", "umount --lazy /sys/fs/cgroup; mount -t cgroup2 unified /sys/fs/cgroup");
    }
    return new Fixture(runtimes, ExecBy.AGENT, worker.root, worker.state());
  }

  @Test
  void aProcessThatTheAgentStartsIsMovedIntoTheContainersCgroup(@TempDir Path bin)
      throws Exception {
    Path runc = BrokenRuntimeTest.runc(bin);
    try (Fixture fixture = onV2(runc.toString())) {
      DebugContainer container = fixture.create();
      Files.createFile(bin.resolve("broken"));
      Heard heard = new Heard();
      container.exec(command("bash", "-c", "read; cat /proc/self/cgroup"), heard).closeStdin();
      heard.end();
      assertThat(heard.out()).contains("0::/lifeline/" + container.id() + "\n");
      container.delete();
      assertThat(Fixture.cgroups(container.id())).isEmpty();
    }
  }

  @Override
  void afterwards() throws Exception {
    if (worker != null) {
      worker.close();
    }
  }
}

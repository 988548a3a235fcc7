package io.lifeline.runtime.oci;

import io.lifeline.runtime.oci.container.ExecBy;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;

/**
 * The agent in a pod: the worker's mounts, names and networks are other than its own, and are seen
 * through {@code /proc/<pid>/root} alone.
 */
class RuncForAWorkerInOtherNamespacesTest extends RuntimeContract {

  private Process worker;

  RuncForAWorkerInOtherNamespacesTest() {
    super("runc", ExecBy.AGENT);
  }

  @Override
  Fixture fixture(String runtime) throws Exception {
    // Its /run is its own, so nothing below it exists for this process under the same name.
    worker =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--uts",
                "--ipc",
                "--net",
                "--propagation",
                "private",
                "bash",
                "-c",
                "mount -t tmpfs -o mode=0755 other-run /run && mkdir /run/lifeline && mount -t"
                    + " tmpfs -o size=64m,mode=0755 lt /run/lifeline && hostname other && touch"
                    + " /run/ready && exec sleep 600")
            .inheritIO()
            .start();
    Path root = Path.of("/proc", Long.toString(worker.pid()), "root");
    Fixture.until(() -> root.resolve("run/ready").toFile().exists());
    return new Fixture(runtime, ExecBy.AGENT, root, root.resolve("run/lifeline"));
  }

  @AfterAll
  void end() throws Exception {
    if (worker != null) {
      worker.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }
}

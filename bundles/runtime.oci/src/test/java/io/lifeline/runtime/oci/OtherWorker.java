package io.lifeline.runtime.oci;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process that stands for a worker: its mounts are other than this one's. */
final class OtherWorker implements AutoCloseable {

  private final Process process;
  final Path root;

  /**
   * @param namespaces options of unshare(1)
   * @param preparation what is done in them first
   */
  OtherWorker(String namespaces, String preparation) throws Exception {
    // Its /run is its own, so nothing below it exists for this process under the same name.
    String script =
        "set -e; mount -t tmpfs -o mode=0755 other-run /run; mkdir /run/lifeline;"
            + " mount -t tmpfs -o size=64m,mode=0755 lt /run/lifeline; "
            + preparation
            + "; touch /run/ready; exec sleep 600";
    process =
        new ProcessBuilder(
                "bash",
                "-c",
                "exec unshare --mount --propagation private "
                    + namespaces
                    + " bash -c '"
                    + script
                    + "'")
            .inheritIO()
            .start();
    root = Path.of("/proc", Long.toString(process.pid()), "root");
    Fixture.until(() -> root.resolve("run/ready").toFile().exists());
  }

  Path state() {
    return root.resolve("run/lifeline");
  }

  @Override
  public void close() throws Exception {
    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
  }
}

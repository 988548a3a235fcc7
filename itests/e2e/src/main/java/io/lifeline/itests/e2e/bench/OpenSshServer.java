package io.lifeline.itests.e2e.bench;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.OpenSsh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** OpenSSH's own server, as a process of the worker, for root with one key. */
final class OpenSshServer implements AutoCloseable {

  private static final String THERE = "/run/lifeline-bench-sshd";
  private static final int PORT = 2223;

  private final Cluster cluster;
  private final OpenSsh ssh;

  /**
   * @param unpacked Debian's package openssh-server, and libraries it needs beside it
   * @param folder of the client's keys
   * @param key who may come in
   */
  OpenSshServer(Cluster cluster, Path unpacked, Path folder, Path key) throws IOException {
    this.cluster = cluster;
    this.ssh = new OpenSsh(folder, cluster.address(cluster.worker()), PORT);
    Path own = Files.createDirectories(folder.resolve("sshd"));
    Files.copy(
        ssh.publicKey(key), own.resolve("authorized_keys"), StandardCopyOption.REPLACE_EXISTING);
    Files.move(ssh.key("host", "host"), own.resolve("host"));
    Files.writeString(
        own.resolve("config"),
        """
        Port %d
        HostKey %s/host
        PidFile %s/pid
        AuthorizedKeysFile %s/authorized_keys
        PermitRootLogin prohibit-password
        StrictModes no
        UsePAM no
        MaxStartups 100
        """
            .formatted(PORT, THERE, THERE, THERE));
    String enter = cluster.enter().orElseThrow();
    onWorker("mkdir -p %s /run/sshd".formatted(THERE));
    for (Path from : new Path[] {unpacked, own}) {
      Command.shell("tar -C %s -c . | %s tar -C %s -x".formatted(from, enter, THERE))
          .in(cluster.home())
          .output();
    }
    // Its unprivileged half must be somebody; the worker's /etc is its own.
    onWorker(
        "grep -q ^sshd: /etc/passwd || echo sshd:x:64998:65534::/run/sshd:/bin/false"
            + " >>/etc/passwd");
    onWorker(
        "LD_LIBRARY_PATH=%1$s/usr/lib/x86_64-linux-gnu:%1$s/lib/x86_64-linux-gnu setsid %1$s/usr/sbin/sshd -f %1$s/config -E %1$s/log </dev/null"
            .formatted(THERE));
    Await.until(
        "OpenSSH's server lets somebody in",
        Duration.ofSeconds(15),
        () -> ssh.run(key, "root", "true").exit() == 0);
  }

  OpenSsh client() {
    return ssh;
  }

  private void onWorker(String line) {
    Command.Outcome outcome = cluster.onWorker(line).orElseThrow();
    if (!outcome.succeeded()) {
      throw new AssertionError("on the worker, this command failed:\n" + outcome);
    }
  }

  @Override
  public void close() {
    onWorker("kill $(cat %1$s/pid); rm -rf %1$s".formatted(THERE));
  }
}

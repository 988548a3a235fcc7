package io.lifeline.itests.e2e.upgrade;

import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.OpenSsh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Somebody who may come in by SSH, with OpenSSH's own client.
 *
 * @param key the private one
 */
public record SshLogin(OpenSsh client, Path key) {

  private static final String KEYS = "/run/lifeline-e2e-ssh";

  /** Makes a key and takes its public half to the worker. */
  public static SshLogin on(Cluster cluster, Path folder) {
    OpenSsh client = new OpenSsh(folder, cluster.address(cluster.worker()), 2222);
    Path key = client.key("alice", "alice@laptop");
    try {
      String line = Files.readString(client.publicKey(key)).strip();
      cluster.onWorker("mkdir -p %1$s && echo '%2$s' >%1$s/keys".formatted(KEYS, line));
    } catch (IOException e) {
      throw new UncheckedIOException("the key cannot be read", e);
    }
    return new SshLogin(client, key);
  }

  /** What the agent must be started with. */
  public static Map<String, String> variables() {
    return Map.of(
        "LIFELINE_SSH", "true",
        "LIFELINE_SSH_SERVER_AUTHORIZED_KEYS", KEYS + "/keys",
        "LIFELINE_SSH_SERVER_RATE", "10000");
  }

  /** The words that open a shell. */
  public List<String> shell() {
    List<String> words = client.words("ssh", key, "-tt", "alice@" + client.host());
    return List.copyOf(words);
  }

  public Command.Outcome run(String... command) {
    return client.run(key, "alice", command);
  }

  public static void forget(Cluster cluster) {
    cluster.onWorker("rm -rf " + KEYS);
  }
}

package io.lifeline.itests.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The real OpenSSH client, with keys of its own and no configuration of this machine's.
 *
 * @param folder where keys and known hosts are
 * @param host an address
 */
public record OpenSsh(Path folder, String host, int port) {

  /** Makes an Ed25519 key without a passphrase. */
  public Path key(String name, String comment) {
    Path file = folder.resolve(name);
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file.toString())
        .output();
    return file;
  }

  /**
   * Signs a user's key.
   *
   * @param authority the authority's key, as {@link #key} returned it
   * @param options further ones of ssh-keygen, such as {@code -V +1h}
   */
  public void certify(Path authority, Path key, String principals, String... options) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "ssh-keygen",
                "-q",
                "-s",
                authority.toString(),
                "-I",
                principals + "@example",
                "-n",
                principals));
    words.addAll(List.of(options));
    words.add(key + ".pub");
    Command.of(words).output();
  }

  /** The public half of a key, or any other small file. */
  public Path publicKey(Path key) {
    return Path.of(key + ".pub");
  }

  /** The words of ssh or scp before the destination, with one key alone. */
  public List<String> words(String program, Path key, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                program,
                "-F",
                "none",
                "-o",
                "StrictHostKeyChecking=accept-new",
                "-o",
                "UserKnownHostsFile=" + folder.resolve("known_hosts"),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "IdentityAgent=none",
                "-o",
                "LogLevel=INFO",
                "-o",
                "ConnectTimeout=10",
                "-o",
                "Port=" + port,
                "-i",
                key.toString()));
    words.addAll(List.of(more));
    return words;
  }

  /** Runs a command over there, or gives the reason why not. */
  public Command.Outcome run(Path key, String login, String... command) {
    List<String> words = words("ssh", key, login + "@" + host);
    words.addAll(List.of(command));
    return Command.of(words).run();
  }

  /** A person's terminal over there. */
  public Terminal terminal(Path key, String login, String... command) {
    List<String> words = words("ssh", key, "-tt", login + "@" + host);
    words.addAll(List.of(command));
    return Terminal.open(words);
  }
}

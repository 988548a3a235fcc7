package io.lifeline.ssh.server;

import io.lifeline.config.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The SSH front end's socket, who may come in, and the limits.
 *
 * @param bind the address to listen on
 * @param port the port to listen on
 * @param keys who may come in
 * @param limits for those who have not proved who they are, and for connections in all
 * @param ciphers the names of those that are spoken
 * @param shell the program that is the shell, and runs commands after {@code -c}
 * @param keepAlive how often a silent client is asked whether it is there; three silences end it
 * @param offline what is open while the API server is out of reach
 * @param drain how long live connections may go on when the rescue ends
 * @param consolePort on loopback, for the agent's console; 0: none
 */
record SshSettings(
    String bind,
    int port,
    Keys keys,
    Limits limits,
    List<String> ciphers,
    String shell,
    Duration keepAlive,
    Offline offline,
    Duration drain,
    int consolePort) {

  static final String PID = "io.lifeline.ssh.server";

  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]+");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._@-]{0,63}");
  private static final Pattern PROGRAM = Pattern.compile("[A-Za-z0-9_/][A-Za-z0-9_./+-]*");
  private static final String NAME_RULE =
      "each must be a login name: letters, digits, dots, dashes, @, at most 64";

  /**
   * Who may come in.
   *
   * @param authorized files in the format of {@code authorized_keys}
   * @param authorities files with the public keys of authorities that sign user certificates
   * @param principals of which a certificate must name one; empty: it must name the login
   * @param users the logins that are taken; empty: any
   * @param host the host's own private key; empty: one is made and kept on the agent's tmpfs
   */
  record Keys(
      List<Path> authorized,
      List<Path> authorities,
      List<String> principals,
      List<String> users,
      Optional<Path> host) {}

  /**
   * Limits.
   *
   * @param connections at once, in all
   * @param perAddress at once, from one address
   * @param startups at once, of those who have not proved who they are
   * @param rate new ones from one address in a minute
   * @param login how long somebody may take to prove who he is
   * @param tries how many keys he may offer
   */
  record Limits(
      int connections, int perAddress, int startups, int rate, Duration login, int tries) {}

  /**
   * While the API server is out of reach.
   *
   * @param allowed whether a certificate of a trusted authority is enough for a shell then
   * @param after how long it must have been silent
   * @param life how long such a shell may live
   */
  record Offline(boolean allowed, Duration after, Duration life) {}

  static SshSettings of(Settings settings) {
    String bind = settings.text("bind", "0.0.0.0", ADDRESS, "it must be an IP address");
    if (!isAddress(bind)) {
      throw settings.refused("bind", bind, "it must be an IP address of this machine, or 0.0.0.0");
    }
    List<Path> authorized =
        paths(settings, "authorized.keys", settings.list("authorized.keys", ""));
    List<Path> authorities = paths(settings, "trusted.ca", settings.list("trusted.ca", ""));
    if (authorized.isEmpty() && authorities.isEmpty()) {
      throw settings.refused(
          "authorized.keys",
          "",
          "this or 'trusted.ca' must name a file: without keys nobody could come in, and there is"
              + " no other way in");
    }
    Limits limits =
        new Limits(
            settings.number("connections.max", 32, 1, 1024),
            settings.number("connections.per.address", 8, 1, 1024),
            settings.number("startups.max", 10, 1, 1024),
            settings.number("rate", 30, 1, 10000),
            settings.duration("login.time", "30s", "1s", "5m"),
            settings.number("login.tries", 6, 1, 20));
    return new SshSettings(
        bind,
        settings.number("port", 2222, 0, 65535),
        new Keys(
            authorized,
            authorities,
            settings.list("principals", "", NAME, NAME_RULE),
            settings.list("users", "", NAME, NAME_RULE),
            settings.optional("host.key").map(file -> path(settings, "host.key", file))),
        limits,
        ciphers(settings),
        settings.text("shell", "bash", PROGRAM, "it must be a program's name or path"),
        settings.duration("keepalive", "15s", "1s", "10m"),
        offline(settings, authorities),
        settings.duration("drain.timeout", "2s", "0s", "1m"),
        settings.number("console.port", 0, 0, 65535));
  }

  /** The same for the agent's console: on loopback, and with no rescue to wait for. */
  SshSettings ofConsole() {
    return new SshSettings(
        "127.0.0.1",
        consolePort,
        keys,
        limits,
        ciphers,
        shell,
        keepAlive,
        new Offline(false, offline.after(), offline.life()),
        Duration.ZERO,
        consolePort);
  }

  private static List<String> ciphers(Settings settings) {
    List<String> names = settings.list("ciphers", "aes128-gcm@openssh.com,aes256-gcm@openssh.com");
    for (String name : names) {
      if (!Algorithms.cipherNames().contains(name)) {
        throw settings.refused(
            "ciphers", name, "each must be one of " + String.join(", ", Algorithms.cipherNames()));
      }
    }
    if (names.isEmpty()) {
      throw settings.refused("ciphers", "", "there must be one");
    }
    return names;
  }

  private static Offline offline(Settings settings, List<Path> authorities) {
    boolean allowed = settings.flag("offline", false);
    if (allowed && authorities.isEmpty()) {
      throw settings.refused(
          "offline",
          "true",
          "'trusted.ca' must name a file then: without the API server certificates alone are"
              + " taken");
    }
    return new Offline(
        allowed,
        settings.duration("offline.after", "1m", "1s", "1h"),
        settings.duration("offline.life", "1h", "1m", "24h"));
  }

  private static List<Path> paths(Settings settings, String key, List<String> files) {
    return files.stream().map(file -> path(settings, key, file)).toList();
  }

  private static Path path(Settings settings, String key, String file) {
    Path path = Path.of(file);
    if (!path.isAbsolute()) {
      throw settings.refused(key, file, "it must be an absolute path");
    }
    return path;
  }

  /** Only digits come here: no name is asked of DNS. */
  private static boolean isAddress(String text) {
    try {
      return (text.contains(":") || text.chars().filter(c -> c == '.').count() == 3)
          && InetAddress.getByName(text) != null;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}

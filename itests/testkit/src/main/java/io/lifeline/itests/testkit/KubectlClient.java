package io.lifeline.itests.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kubectl of some version, and how it talks to the API server.
 *
 * @param minor its version, 1.minor
 */
public record KubectlClient(Kubectl kubectl, int minor, Transport transport) {

  /** The first kubectl that can speak WebSocket, where it is told to. */
  private static final int WEBSOCKETS = 29;

  private static final Pattern MINOR = Pattern.compile("\"minor\": *\"(\\d+)");

  /** How streams are carried. */
  public enum Transport {
    SPDY,
    WEBSOCKET
  }

  /** Every kubectl at hand by each way it has, the oldest version first; one of each version. */
  public static List<KubectlClient> all(Cluster cluster) {
    Map<Integer, Kubectl> versions = new LinkedHashMap<>();
    for (String program : cluster.kubectls()) {
      Kubectl kubectl = new Kubectl(program, cluster.kubeconfig());
      versions.putIfAbsent(minor(kubectl), kubectl);
    }
    List<KubectlClient> all = new ArrayList<>();
    versions.forEach(
        (minor, kubectl) -> {
          all.add(new KubectlClient(kubectl, minor, Transport.SPDY));
          if (minor >= WEBSOCKETS) {
            all.add(new KubectlClient(kubectl, minor, Transport.WEBSOCKET));
          }
        });
    all.sort(Comparator.comparingInt(KubectlClient::minor));
    return all;
  }

  /** The oldest and the newest version, by each way that they have. */
  public static List<KubectlClient> mostDifferent(Cluster cluster) {
    List<KubectlClient> all = all(cluster);
    int oldest = all.get(0).minor();
    int newest = all.get(all.size() - 1).minor();
    return all.stream()
        .filter(client -> client.minor() == oldest || client.minor() == newest)
        .toList();
  }

  private static int minor(Kubectl kubectl) {
    Matcher matcher = MINOR.matcher(kubectl.out("version", "--client", "-o", "json"));
    if (!matcher.find()) {
      throw new AssertionError(kubectl.program() + " does not tell its version");
    }
    return Integer.parseInt(matcher.group(1));
  }

  /** Its words, with the variables before them that make it talk so. */
  public List<String> words(String... arguments) {
    boolean sockets = transport == Transport.WEBSOCKET;
    List<String> words = new ArrayList<>(List.of("env"));
    words.add("KUBECTL_REMOTE_COMMAND_WEBSOCKETS=" + sockets);
    words.add("KUBECTL_PORT_FORWARD_WEBSOCKETS=" + sockets);
    words.addAll(kubectl.words(arguments));
    return words;
  }

  public Command command(String... arguments) {
    return Command.of(words(arguments)).within(kubectl.limit());
  }

  @Override
  public String toString() {
    return "kubectl 1.%d by %s".formatted(minor, transport);
  }
}

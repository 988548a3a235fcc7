package io.lifeline.itests.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cluster under test, and how to break and mend its worker. By default the sandbox; any other
 * by the environment, which {@code ./lifeline e2e} fills from its arguments.
 *
 * @param home the checkout
 * @param kubeconfig of its administrator
 * @param kubectls every kubectl to try; the first does the work
 * @param worker the one that is broken
 * @param peer one that stays Ready
 * @param breaks the command for each fault that can be made here
 * @param mends the commands for faults that are mended alone
 * @param mend the command that mends the worker, whatever is broken
 * @param heal what a person types in a shell on the worker to start the kubelet
 * @param enter a prefix that runs a command on the worker, whatever is broken
 * @param local operator and proxy are processes of this machine, the agent one of the worker
 */
public record Cluster(
    Path home,
    Path kubeconfig,
    List<String> kubectls,
    String worker,
    String peer,
    Map<Fault, String> breaks,
    Map<Fault, String> mends,
    String mend,
    Optional<String> heal,
    Optional<String> enter,
    boolean local) {

  /** The faults that the tests make. */
  public enum Fault {
    KUBELET("E2E_BREAK"),
    KUBELET_AND_RUNTIME("E2E_BREAK_BOTH"),
    /**
     * Kubelet and container runtime are stopped as a debugger does it: they hold what they have.
     */
    HANG("E2E_BREAK_HANG"),
    /** The worker and the control plane do not hear each other. */
    NET("E2E_BREAK_NET"),
    /** The worker's network interface has no carrier; {@link Cluster#mend} undoes that alone. */
    LINK("E2E_BREAK_LINK", "E2E_MEND_LINK"),
    /** There is no API server; {@link Cluster#mend} starts it again. */
    API("E2E_BREAK_API", "E2E_MEND_API");

    private final String variable;
    private final String mending;

    Fault(String variable) {
      this(variable, "");
    }

    Fault(String variable, String mending) {
      this.variable = variable;
      this.mending = mending;
    }
  }

  public Cluster {
    kubectls = List.copyOf(kubectls);
    breaks = Map.copyOf(breaks);
    mends = Map.copyOf(mends);
  }

  /** As the environment says. */
  public static Cluster fromEnvironment() {
    return from(System.getenv());
  }

  static Cluster from(Map<String, String> environment) {
    Map<Fault, String> breaks = new java.util.EnumMap<>(Fault.class);
    Map<Fault, String> mends = new java.util.EnumMap<>(Fault.class);
    for (Fault fault : Fault.values()) {
      optional(environment, fault.variable).ifPresent(command -> breaks.put(fault, command));
      optional(environment, fault.mending).ifPresent(command -> mends.put(fault, command));
    }
    return new Cluster(
        Path.of(required(environment, "E2E_HOME")),
        Path.of(required(environment, "E2E_KUBECONFIG")),
        List.of(optional(environment, "E2E_KUBECTLS").orElse("kubectl").split(" +")),
        required(environment, "E2E_WORKER"),
        required(environment, "E2E_PEER"),
        breaks,
        mends,
        required(environment, "E2E_MEND"),
        optional(environment, "E2E_HEAL"),
        optional(environment, "E2E_ENTER"),
        "true".equals(environment.get("E2E_LOCAL")));
  }

  private static String required(Map<String, String> environment, String variable) {
    return optional(environment, variable)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    variable + " is not set: these tests are started by ./lifeline e2e"));
  }

  private static Optional<String> optional(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isBlank());
  }

  /** The backup Node's name. */
  public String backup() {
    return worker + "-debug";
  }

  /** The kubectl that does the work. */
  public Kubectl kubectl() {
    return new Kubectl(kubectls.get(0), kubeconfig);
  }

  /** The most different kubectl at hand: the last of them. */
  public Kubectl otherKubectl() {
    return new Kubectl(kubectls.get(kubectls.size() - 1), kubeconfig);
  }

  /** Breaks the worker. */
  public String breakWorker(Fault fault) {
    String command = breaks.get(fault);
    if (command == null) {
      throw new IllegalStateException("no command is known here for the fault " + fault);
    }
    return Command.shell(command).in(home).within(Duration.ofMinutes(1)).run().toString();
  }

  public boolean canBreak(Fault fault) {
    return breaks.containsKey(fault);
  }

  /** Mends the worker from outside, and waits until it is Ready. */
  public void mendWorker() {
    Command.shell(mend).in(home).within(Duration.ofMinutes(2)).output();
    Await.until(
        worker + " is Ready after it was mended",
        Duration.ofMinutes(1),
        () -> kubectl().nodeReady(worker));
  }

  /** Undoes one fault, where that can be made and undone alone. */
  public void mend(Fault fault) {
    String command = mends.get(fault);
    if (command == null) {
      throw new IllegalStateException("no command is known here that mends " + fault + " alone");
    }
    Command.shell(command).in(home).within(Duration.ofMinutes(2)).output();
  }

  /** Whether {@link #mend(Fault)} knows how. */
  public boolean canMend(Fault fault) {
    return mends.containsKey(fault);
  }

  /** The InternalIP of a Node. */
  public String address(String node) {
    return kubectl()
        .field("node/" + node, "{.status.addresses[?(@.type==\"InternalIP\")].address}")
        .orElseThrow(() -> new AssertionError("the Node " + node + " has no InternalIP"));
  }

  /**
   * Runs a line of shell on the worker.
   *
   * @return empty when there is no way onto it in this cluster
   */
  public Optional<Command.Outcome> onWorker(String line) {
    return enter.map(
        prefix ->
            Command.shell(prefix + " sh -c " + Terminal.quoted(line))
                .in(home)
                .within(Duration.ofSeconds(20))
                .run());
  }
}

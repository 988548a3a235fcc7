package io.lifeline.itests.e2e.bench;

import io.lifeline.itests.e2e.DebugPod;
import io.lifeline.itests.e2e.Diagnostics;
import io.lifeline.itests.e2e.Idle;
import io.lifeline.itests.e2e.Installation;
import io.lifeline.itests.e2e.Rescue;
import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Measurement;
import io.lifeline.itests.testkit.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code ./lifeline bench}: the backup node of one worker beside the real kubelet of the other, in
 * turns, so that whatever else the machine does is the same for both.
 */
@SuppressWarnings("SystemOut") // a program for the terminal
public final class Bench {

  private static final int MANY = 100;
  private static final int[] IDLE = {1, 10, MANY};
  private static final int ATTEMPTS = 5;

  private final Cluster cluster;
  private final Kubectl kubectl;
  private final Report report = new Report();
  private final int megabytes;
  private final int rounds;

  private Bench(Cluster cluster, Amount amount) {
    this.cluster = cluster;
    this.kubectl = cluster.kubectl();
    this.megabytes = amount.megabytes();
    this.rounds = amount.rounds();
  }

  /** How much is measured. */
  private record Amount(int megabytes, int rounds) {}

  /** Arguments: MiB per transfer, rounds. */
  public static void main(String[] arguments) {
    Cluster cluster = Cluster.fromEnvironment();
    Amount amount = new Amount(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    Bench bench = new Bench(cluster, amount);
    long began = System.nanoTime();
    boolean good = bench.run();
    bench.report.test(
        "the bench",
        good ? Report.Result.PASSED : Report.Result.FAILED,
        (System.nanoTime() - began) / 1e9);
    bench.report.write(cluster.home().resolve("target/report.json"));
    System.exit(good ? 0 : 1);
  }

  private boolean run() {
    Installation installation = Installation.of(cluster);
    Rescue rescue = new Rescue(cluster);
    try {
      installation.install();
      Instant since = Instant.now();
      Await.until(
          "the agent has been idle for a minute",
          Duration.ofMinutes(2),
          () -> Duration.between(since, Instant.now()).toSeconds() >= 60);
      new Idle(cluster).measure(since).forEach(report::measured);
      Place theirs = besideTheKubelet();
      rescue.reachBackupNode(Cluster.Fault.KUBELET);
      DebugPod pod = rescue.createPod();
      measure(new Place(kubectl, pod.name()), theirs);
      System.out.println(Measurement.head());
      report.measurements().forEach(System.out::println);
      System.out.println();
      System.out.println(Plot.of(report.measurements()));
      return true;
    } catch (AssertionError | RuntimeException | IOException e) {
      System.out.println("The bench failed: " + e.getMessage());
      System.out.println("See " + new Diagnostics(cluster).gather("bench"));
      return false;
    } finally {
      Command.shell(cluster.mend()).in(cluster.home()).within(Duration.ofMinutes(2)).run();
      kubectl.run("delete", "pod", "bench-kubelet", "--force", "--grace-period=0");
      rescue.withdraw();
    }
  }

  private Place besideTheKubelet() {
    String image = Optional.ofNullable(System.getenv("E2E_BUSYBOX")).orElse("busybox");
    kubectl.apply(
        DebugPod.on(cluster.peer())
            .named("bench-kubelet")
            .yaml()
            .replace("image: lifeline.local/none", "image: " + image)
            .replace("command: [sleep, infinity]", "command: [sleep, '86400']"));
    Await.until(
        "the pod beside the real kubelet runs",
        Duration.ofSeconds(40),
        () -> kubectl.field("pod/bench-kubelet", "{.status.phase}").equals(Optional.of("Running")));
    return new Place(kubectl, "bench-kubelet");
  }

  private void measure(Place ours, Place theirs) throws IOException {
    long bytes = megabytes * 1024L * 1024;
    Path file = Files.createTempFile("lifeline-bench-", ".bin");
    try {
      Command.shell("head -c %d /dev/urandom > %s".formatted(bytes, file))
          .within(Duration.ofMinutes(3))
          .output();
      Map<Place, String> sums = new HashMap<>();
      for (Place place : List.of(ours, theirs)) {
        sums.put(place, place.make(bytes));
        place.execTrue();
      }
      rounds(ours, theirs, file, sums);
    } finally {
      ours.forget();
      theirs.forget();
      Files.deleteIfExists(file);
    }
    memory(ours);
  }

  /**
   * Each kind in turns, and who is first changes: the machine's other work is the same for both.
   */
  private void rounds(Place ours, Place theirs, Path file, Map<Place, String> sums)
      throws IOException {
    long bytes = Files.size(file);
    String sum = Command.of("sha256sum", file.toString()).output().split(" ", 2)[0];
    Map<Place, Integer> broken = new HashMap<>();
    Map<String, Two> all = new LinkedHashMap<>();
    for (int i = 0; i < rounds; i++) {
      for (int n = 0; n < 4; n++) {
        turn(all, "exec -- true, p50", n, ours, theirs, Place::execTrue);
      }
      turn(all, "first prompt, p50", i, ours, theirs, Place::firstPrompt);
      turn(all, "10 sessions at once, p50", i, ours, theirs, place -> place.atOnce(10));
      String size = " " + megabytes + " MiB, p50";
      for (Place.By by : Place.By.values()) {
        String how = by == Place.By.SPDY ? " by SPDY" + size : size;
        Work download =
            place -> whole(broken, place, () -> place.download(by, sums.getOrDefault(place, "")));
        Work upload = place -> whole(broken, place, () -> place.upload(by, file, sum));
        turn(all, "download" + how, i, ours, theirs, download);
        turn(all, "upload" + how, i, ours, theirs, upload);
      }
      Work copy = place -> whole(broken, place, () -> place.copy(sums.getOrDefault(place, "")));
      turn(all, "download as by kubectl cp" + size, i, ours, theirs, copy);
      int port = 41_000 + i;
      turn(all, "port-forward" + size, i, ours, theirs, place -> place.forward(port, bytes));
      Two echo = all.computeIfAbsent("keystroke echo", name -> new Two());
      echo.ours.addAll(ours.echo(100));
      echo.theirs.addAll(theirs.echo(100));
    }
    turn(all, "100 sessions at once", 0, ours, theirs, place -> place.atOnce(100));
    report.measured(
        Measurement.beside(
            "transfers broken off or garbled",
            broken.getOrDefault(ours, 0),
            broken.getOrDefault(theirs, 0),
            ""));
    if (broken.containsKey(ours)) {
      throw new AssertionError("a checksum was wrong through the backup node");
    }
    Two echo = all.remove("keystroke echo");
    all.forEach((name, two) -> report.measured(two.medians(name)));
    for (int percent : new int[] {50, 99}) {
      report.measured(
          Measurement.beside(
              "keystroke echo, p" + percent,
              echo.ours.percentile(percent),
              echo.theirs.percentile(percent),
              "ms"));
    }
  }

  /**
   * The time of a transfer that came through whole. An old kubelet breaks many off after a moment:
   * counted, and tried again, because that moment is no time to compare with.
   */
  private static double whole(Map<Place, Integer> broken, Place place, Transferring work)
      throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      Place.Transfer transfer = work.transfer();
      if (transfer.whole()) {
        return transfer.millis();
      }
      broken.merge(place, 1, Integer::sum);
    }
    return Double.NaN;
  }

  private interface Transferring {
    Place.Transfer transfer() throws IOException;
  }

  /** What is timed. */
  private interface Work {
    double millis(Place place) throws IOException;
  }

  private static void turn(
      Map<String, Two> all, String name, int round, Place ours, Place theirs, Work work)
      throws IOException {
    Two two = all.computeIfAbsent(name, any -> new Two());
    double first;
    double second;
    if (round % 2 == 0) {
      first = two.ours.add(work.millis(ours));
      second = two.theirs.add(work.millis(theirs));
    } else {
      second = two.theirs.add(work.millis(theirs));
      first = two.ours.add(work.millis(ours));
    }
    System.out.printf("  %-34s %8.0f ms, the kubelet's %8.0f ms%n", name, first, second);
  }

  /** What sessions cost the agent, and one whose reader has stopped. */
  private void memory(Place ours) throws IOException {
    Optional<Double> before = Idle.agentMegabytes(cluster);
    if (before.isEmpty()) {
      return;
    }
    report.measured(Measurement.alone("agent after the above: resident", before.get(), "MB"));
    List<Process> idle = new ArrayList<>();
    try {
      for (int sessions : IDLE) {
        idle.addAll(ours.idle(sessions - idle.size()));
        double with = Idle.agentMegabytes(cluster).orElse(Double.NaN);
        report.measured(Measurement.alone("agent with idle sessions: " + sessions, with, "MB"));
        if (sessions == MANY) {
          report.measured(
              Measurement.alone(
                  "agent: memory of an idle session",
                  (with - before.get()) * 1024 / sessions,
                  "KiB"));
        }
      }
    } finally {
      idle.forEach(Process::destroy);
    }
    Process stalled = ours.stalled();
    try {
      double[] seen = new double[2];
      for (int i = 0; i < seen.length; i++) {
        LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
        seen[i] = Idle.agentMegabytes(cluster).orElse(Double.NaN);
      }
      report.measured(
          Measurement.alone(
              "agent: growth in 5 s under a stalled reader", seen[1] - seen[0], "MB"));
    } finally {
      stalled.destroy();
    }
  }

  /** Two rows of samples, taken in turns. */
  private static final class Two {

    private final Samples ours = new Samples();
    private final Samples theirs = new Samples();

    Measurement medians(String name) {
      return Measurement.beside(name, ours.median(), theirs.median(), "ms");
    }
  }
}

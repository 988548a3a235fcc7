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
import java.util.Optional;

/**
 * {@code ./lifeline bench}: the backup node of one worker beside the real kubelet of the other, in
 * turns, so that whatever else the machine does is the same for both.
 */
@SuppressWarnings("SystemOut") // a program for the terminal
public final class Bench {

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
    Two exec = new Two();
    Two down = new Two();
    Two up = new Two();
    try {
      Command.shell("head -c %d /dev/urandom > %s".formatted(bytes, file)).output();
      ours.execTrue();
      theirs.execTrue();
      for (int i = 0; i < rounds; i++) {
        for (int n = 0; n < 4; n++) {
          exec.add(ours.execTrue(), theirs.execTrue());
        }
        down.add(ours.download(bytes), theirs.download(bytes));
        up.add(ours.upload(file), theirs.upload(file));
      }
    } finally {
      Files.deleteIfExists(file);
    }
    report.measured(exec.medians("exec -- true, p50"));
    report.measured(down.medians("download " + megabytes + " MiB, p50"));
    report.measured(up.medians("upload " + megabytes + " MiB, p50"));
    Samples ourEcho = ours.echo(100 * rounds);
    Samples theirEcho = theirs.echo(100 * rounds);
    for (int percent : new int[] {50, 99}) {
      report.measured(
          Measurement.beside(
              "keystroke echo, p" + percent,
              ourEcho.percentile(percent),
              theirEcho.percentile(percent),
              "ms"));
    }
  }

  /** Two rows of samples, taken in turns. */
  private static final class Two {

    private final Samples ours = new Samples();
    private final Samples theirs = new Samples();

    void add(double our, double their) {
      ours.add(our);
      theirs.add(their);
    }

    Measurement medians(String name) {
      return Measurement.beside(name, ours.median(), theirs.median(), "ms");
    }
  }
}

package io.lifeline.itests.e2e.bench;

import io.lifeline.itests.e2e.Diagnostics;
import io.lifeline.itests.e2e.Installation;
import io.lifeline.itests.e2e.Rescue;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Measurement;
import io.lifeline.itests.testkit.OpenSsh;
import io.lifeline.itests.testkit.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * {@code ./lifeline bench ssh}: the SSH front end beside OpenSSH's server on the same worker, in
 * turns.
 */
@SuppressWarnings("SystemOut") // a program for the terminal
public final class SshBench {

  private static final String FILE = "/var/tmp/lifeline-bench.bin";
  private static final int KEYS = 200;

  /** What is to be reached: ours over theirs. */
  private static final double ECHO_GOAL = 1.5;

  private static final double THROUGHPUT_GOAL = 0.7;

  private final Cluster cluster = Cluster.fromEnvironment();
  private final Report report = new Report();
  private final long bytes;
  private final int rounds;

  private SshBench(int megabytes, String rounds) {
    this.bytes = megabytes * 1024L * 1024;
    this.rounds = Integer.parseInt(rounds);
  }

  /** Arguments: MiB per transfer, rounds, the folder with OpenSSH's server unpacked. */
  public static void main(String[] arguments) throws IOException {
    SshBench bench = new SshBench(Integer.parseInt(arguments[0]), arguments[1]);
    long began = System.nanoTime();
    boolean good = bench.run(Path.of(arguments[2]));
    bench.report.test(
        "the bench of SSH",
        good ? Report.Result.PASSED : Report.Result.FAILED,
        (System.nanoTime() - began) / 1e9);
    bench.report.write(bench.cluster.home().resolve("target/report.json"));
    System.exit(good ? 0 : 1);
  }

  private boolean run(Path sshd) throws IOException {
    Installation installation = Installation.of(cluster);
    Rescue rescue = new Rescue(cluster);
    Path folder = Files.createTempDirectory("lifeline-bench-ssh-");
    OpenSsh client = new OpenSsh(folder, cluster.address(cluster.worker()), 2222);
    Path key = client.key("me", "me@bench");
    try {
      installation.install();
      installation.sshKeys(
          client.publicKey(key), client.publicKey(key), Map.of("LIFELINE_SSH_SERVER_RATE", "1000"));
      rescue.reachBackupNode(Cluster.Fault.KUBELET);
      rescue.createPod();
      try (OpenSshServer server = new OpenSshServer(cluster, sshd, folder, key)) {
        measure(
            new SshPlace(client, key, "root", "chroot /host "),
            new SshPlace(server.client(), key, "root", ""));
      }
      System.out.println(Measurement.head().replace("kubelet", "OpenSSH"));
      report.measurements().forEach(System.out::println);
      return true;
    } catch (AssertionError | RuntimeException | IOException e) {
      System.out.println("The bench failed: " + e.getMessage());
      System.out.println("See " + new Diagnostics(cluster).gather("bench-ssh"));
      return false;
    } finally {
      cluster.onWorker("rm -f " + FILE);
      Command.shell(cluster.mend()).in(cluster.home()).within(Duration.ofMinutes(2)).run();
      rescue.withdraw();
      installation.withoutSsh(Map.of());
      Command.of("rm", "-rf", folder.toString()).run();
    }
  }

  private void measure(SshPlace ours, SshPlace theirs) throws IOException {
    String sumThere =
        cluster
            .onWorker("head -c %d /dev/urandom >%s && sha256sum <%s".formatted(bytes, FILE, FILE))
            .orElseThrow()
            .out()
            .split(" ", 2)[0];
    Path file = Files.createTempFile("lifeline-bench-", ".bin");
    try {
      Command.shell("head -c %d /dev/urandom >%s".formatted(bytes, file)).output();
      String sum = Command.of("sha256sum", file.toString()).output().split(" ", 2)[0];
      Pair command = new Pair();
      Pair down = new Pair();
      Pair up = new Pair();
      Pair echo = new Pair();
      for (int round = -1; round < rounds; round++) {
        // The first round is thrown away: classes are loaded and compiled in it.
        if (round == 0) {
          command = new Pair();
          down = new Pair();
          up = new Pair();
          echo = new Pair();
        }
        boolean first = round % 2 == 0;
        SshPlace[] turn = first ? new SshPlace[] {ours, theirs} : new SshPlace[] {theirs, ours};
        for (SshPlace place : turn) {
          boolean our = place == ours;
          for (int i = 0; i < 3; i++) {
            command.of(our).add(place.runTrue());
          }
          down.of(our).add(place.download(FILE, sumThere));
          up.of(our).add(place.upload(file, sum));
          echo.of(our).addAll(place.echo(KEYS));
        }
      }
      tell(command, down, up, echo);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private void tell(Pair command, Pair down, Pair up, Pair echo) {
    report.measured(command.percentile("ssh … true, p50", 50));
    report.measured(echo.percentile("ssh: keystroke echo, p50", 50));
    report.measured(echo.percentile("ssh: keystroke echo, p99", 99));
    report.measured(throughput("ssh: download", down));
    report.measured(throughput("ssh: upload", up));
    goal("echo p50", echo.ours.median() / echo.theirs.median() <= ECHO_GOAL);
    goal("download", down.theirs.median() / down.ours.median() >= THROUGHPUT_GOAL);
    goal("upload", up.theirs.median() / up.ours.median() >= THROUGHPUT_GOAL);
  }

  private static void goal(String what, boolean reached) {
    System.out.printf("goal for %s: %s%n", what, reached ? "reached" : "MISSED");
  }

  private Measurement throughput(String name, Pair pair) {
    double megabytes = bytes / 1024.0 / 1024;
    return Measurement.beside(
        name,
        megabytes * 1000 / pair.ours.median(),
        megabytes * 1000 / pair.theirs.median(),
        "MiB/s");
  }

  /** Two rows of samples, taken in turns. */
  private static final class Pair {

    private final Samples ours = new Samples();
    private final Samples theirs = new Samples();

    Samples of(boolean our) {
      return our ? ours : theirs;
    }

    Measurement percentile(String name, int percent) {
      return Measurement.beside(name, ours.percentile(percent), theirs.percentile(percent), "ms");
    }
  }
}

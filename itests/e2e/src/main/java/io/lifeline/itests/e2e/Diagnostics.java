package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What one wants to look at after a failure, gathered in {@code target/e2e-logs}. */
public final class Diagnostics {

  private static final List<List<String>> QUESTIONS =
      List.of(
          List.of("get", "nodes", "-o", "wide"),
          List.of("get", "nodedebugs", "-o", "yaml"),
          List.of("get", "csr", "-o", "wide"),
          List.of("get", "pods", "-A", "-o", "wide"),
          List.of("get", "events", "-A", "--sort-by=.lastTimestamp"),
          List.of("get", "deployments,daemonsets,services,leases", "-A", "-o", "wide"),
          List.of("describe", "nodes"),
          List.of("describe", "pods", "-n", "default"),
          List.of("describe", "pods", "-n", Parts.NAMESPACE));

  // The files of the container runtime: they can be read also when the kubelet is dead.
  private static final String LOGS_ON_WORKER =
      "tail -n 1500 /var/log/pods/*lifeline*/*/*.log /var/log/kubelet.log 2>/dev/null; echo; echo"
          + " == processes; ps axo pid,ppid,stat,etime,args 2>/dev/null; echo == mounts; grep"
          + " lifeline /proc/self/mountinfo; ls -laR /run/lifeline | head -150";

  private final Cluster cluster;

  public Diagnostics(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Gathers everything.
   *
   * @return the folder it is in
   */
  public Path gather(String occasion) {
    Path folder =
        cluster
            .home()
            .resolve("target/e2e-logs")
            .resolve(occasion.replaceAll("[^A-Za-z0-9]+", "-"));
    try {
      Files.createDirectories(folder);
      Kubectl kubectl = cluster.kubectl().within(Duration.ofSeconds(10));
      for (List<String> question : QUESTIONS) {
        Command.Outcome answer = kubectl.run(question.toArray(String[]::new));
        write(folder, String.join("-", question).replaceAll("[^a-z0-9]+", "-"), answer.text());
      }
      podLogs(kubectl, folder);
      cluster.onWorker(LOGS_ON_WORKER).ifPresent(seen -> write(folder, "worker", seen.text()));
      localLogs(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("the diagnostics could not be written to " + folder, e);
    }
    return folder;
  }

  private static void podLogs(Kubectl kubectl, Path folder) {
    String names = kubectl.run("get", "pods", "-n", Parts.NAMESPACE, "-o", "name").out();
    for (String pod : names.lines().filter(name -> !name.isBlank()).toList()) {
      Command.Outcome log =
          kubectl.run("logs", "-n", Parts.NAMESPACE, pod, "--timestamps", "--tail=3000");
      write(folder, "log-" + pod.replace("pod/", ""), log.text());
      Command.Outcome before =
          kubectl.run("logs", "-n", Parts.NAMESPACE, pod, "--previous", "--tail=500");
      if (before.succeeded()) {
        write(folder, "log-before-" + pod.replace("pod/", ""), before.text());
      }
    }
  }

  private void localLogs(Path folder) throws IOException {
    Path local = cluster.home().resolve("target/e2e-local");
    if (Files.isDirectory(local)) {
      try (Stream<Path> logs = Files.list(local)) {
        for (Path log : logs.filter(file -> file.toString().endsWith(".log")).toList()) {
          Files.copy(
              log,
              folder.resolve(log.getFileName()),
              java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static void write(Path folder, String name, String text) {
    try {
      Files.writeString(folder.resolve(name + ".txt"), text);
    } catch (IOException e) {
      throw new UncheckedIOException("the diagnostics could not be written to " + folder, e);
    }
  }
}

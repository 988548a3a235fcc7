package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a process of the worker uses, by {@code /proc}.
 *
 * @param megabytes resident
 * @param cpuSeconds since it started, all threads
 * @param descriptors open files and sockets
 */
public record Usage(double megabytes, double threads, double descriptors, double cpuSeconds) {

  private static final double TICKS = 100;

  /** The agent's JVM, or the kubelet. */
  public static Optional<Usage> of(Cluster cluster, String pid) {
    return cluster
        .onWorker(
            "cd /proc/%s && grep -E '^(VmRSS|Threads)' status; echo descriptors $(ls fd | wc -l); cat stat"
                .formatted(pid))
        .map(Command.Outcome::out)
        .filter(out -> out.contains("VmRSS"))
        .map(
            out -> {
              String stat = out.substring(out.lastIndexOf(')') + 2);
              String[] fields = stat.split(" ");
              return new Usage(
                  number(out, "VmRSS:") / 1024,
                  number(out, "Threads:"),
                  number(out, "descriptors"),
                  (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12])) / TICKS);
            });
  }

  /** The pid of the worker's kubelet. */
  public static Optional<String> kubelet(Cluster cluster) {
    return cluster
        .onWorker(
            "for p in /proc/[0-9]*; do [ \"$(cat $p/comm 2>/dev/null)\" = kubelet ] && echo"
                + " ${p#/proc/}; done; true")
        .map(Command.Outcome::out)
        .flatMap(out -> out.lines().filter(line -> !line.isBlank()).findFirst());
  }

  /**
   * How long after its start the agent's pod had a file on the worker; both by the worker's clock.
   *
   * @param after seconds since 1970: an older file does not count
   */
  public static OptionalDouble secondsTo(Cluster cluster, String file, double after) {
    String look =
        """
        echo now $(date +%%s.%%N) $(cat /proc/uptime)
        echo file $(stat -c %%.3Y %s 2>/dev/null)
        for p in /proc/[0-9]*; do
          if tr '\\0' '\\n' <$p/environ 2>/dev/null | grep -qx LIFELINE_ROLE=agent; then
            echo start $(cat $p/stat 2>/dev/null)
          fi
        done
        true
        """
            .formatted(file);
    String out = cluster.onWorker(look).map(Command.Outcome::out).orElse("");
    double boot = 0;
    double written = 0;
    double start = Double.MAX_VALUE;
    for (String line : out.lines().toList()) {
      String[] words = line.split(" ");
      if (line.startsWith("now ")) {
        boot = Double.parseDouble(words[1]) - Double.parseDouble(words[2]);
      } else if (line.startsWith("file ") && words.length > 1) {
        written = Double.parseDouble(words[1].replace(',', '.'));
      } else if (line.startsWith("start ") && line.contains(")")) {
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        start = Math.min(start, boot + Double.parseDouble(fields[19]) / TICKS);
      }
    }
    return written > after && start > after && start < Double.MAX_VALUE
        ? OptionalDouble.of(written - start)
        : OptionalDouble.empty();
  }

  private static double number(String text, String field) {
    return Arrays.stream(text.split("\n"))
        .filter(line -> line.startsWith(field))
        .map(line -> line.substring(field.length()).strip().split("\\s+")[0])
        .mapToDouble(Double::parseDouble)
        .findFirst()
        .orElse(0);
  }
}

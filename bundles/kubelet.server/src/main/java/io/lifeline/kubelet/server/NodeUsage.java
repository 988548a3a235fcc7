package io.lifeline.kubelet.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the whole worker uses, as {@code /proc} tells it: no disk is needed for it.
 *
 * @param at when it was looked at
 * @param booted since when the processor time counts
 * @param cpuNanos processor time of all processors that was not idle
 * @param capacityBytes all memory
 * @param usageBytes memory that is not free, the page cache among it
 * @param workingSetBytes the same without what the kernel can drop at once
 * @param rssBytes anonymous memory
 * @param threads how many there are
 * @param mostThreads how many there may be
 */
record NodeUsage(
    Instant at,
    Instant booted,
    long cpuNanos,
    long capacityBytes,
    long usageBytes,
    long workingSetBytes,
    long rssBytes,
    long threads,
    long mostThreads) {

  /** USER_HZ, which is 100 on every architecture that there is a JVM for. */
  private static final long NANOS_OF_TICK = 10_000_000;

  private static final int KIBI = 1024;

  /**
   * Looks.
   *
   * @param proc where {@code /proc} is
   * @param now when it is looked at
   */
  static NodeUsage of(Path proc, Instant now) throws IOException {
    List<String> stat = Files.readAllLines(proc.resolve("stat"));
    Map<String, Long> memory =
        Files.readAllLines(proc.resolve("meminfo")).stream()
            .map(line -> line.split("[: ]+", -1))
            .filter(words -> words.length > 1)
            .collect(
                Collectors.toMap(words -> words[0], words -> kibibytes(words[1]), (a, b) -> a));
    Function<String, Long> bytes = name -> memory.getOrDefault(name, 0L);
    long used = bytes.apply("MemTotal") - bytes.apply("MemFree");
    // "0.1 0.2 0.3 2/345 6789": running and all threads.
    String all = Files.readString(proc.resolve("loadavg")).split(" ", -1)[3];
    return new NodeUsage(
        now,
        Instant.ofEpochSecond(Long.parseLong(words(stat, "btime ")[1])),
        busy(words(stat, "cpu ")) * NANOS_OF_TICK,
        bytes.apply("MemTotal"),
        used,
        Math.max(0, used - bytes.apply("Inactive(file)")),
        bytes.apply("AnonPages"),
        Long.parseLong(all.substring(all.indexOf('/') + 1)),
        // By lines: readString takes the first byte alone, and a sysctl has no second read.
        Long.parseLong(Files.readAllLines(proc.resolve("sys/kernel/pid_max")).get(0).strip()));
  }

  private static long kibibytes(String number) {
    try {
      return Long.parseLong(number) * KIBI;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static String[] words(List<String> lines, String first) throws IOException {
    return lines.stream()
        .filter(line -> line.startsWith(first))
        .map(line -> line.split(" +", -1))
        .findFirst()
        .orElseThrow(() -> new IOException("/proc/stat has no line '%s'".formatted(first.strip())));
  }

  /** user, nice, system, irq, softirq, steal; idle and iowait are not; guests are in user. */
  private static long busy(String[] cpu) {
    int[] counted = {1, 2, 3, 6, 7, 8};
    return Arrays.stream(counted)
        .filter(column -> column < cpu.length)
        .mapToLong(column -> Long.parseLong(cpu[column]))
        .sum();
  }
}

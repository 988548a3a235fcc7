package io.lifeline.runtime.oci.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code /proc/<pid>/stat} says.
 *
 * @param startTicks when it started, in clock ticks since boot: with the pid it names one process
 *     for as long as the machine is up
 */
public record ProcessStat(int pid, char state, int parent, long startTicks) {

  /** Empty when there is no such process. */
  public static Optional<ProcessStat> of(int pid) {
    try {
      String text = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
      // The name in parentheses may hold anything, also parentheses.
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(
          new ProcessStat(
              pid, fields[0].charAt(0), Integer.parseInt(fields[1]), Long.parseLong(fields[19])));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}

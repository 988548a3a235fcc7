package io.lifeline.runtime.oci.tool;

import io.lifeline.session.api.ContainerUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Adds up what the kernel counts in a container's cgroups, of v1 and of v2. One thread, once. */
final class CgroupUsage {

  private long oldCpu;
  private long unifiedCpu;
  private boolean cpuIsOld;
  private boolean any;
  private long memory;
  private long droppable;

  /** Empty when the kernel counts neither. */
  static Optional<ContainerUsage> of(List<Path> directories) {
    CgroupUsage sum = new CgroupUsage();
    directories.forEach(sum::add);
    // On a hybrid machine both count the same processor time.
    long cpu = sum.cpuIsOld ? sum.oldCpu : sum.unifiedCpu;
    return sum.any
        ? Optional.of(new ContainerUsage(cpu, sum.memory, Math.max(0, sum.memory - sum.droppable)))
        : Optional.empty();
  }

  private void add(Path directory) {
    OptionalLong nanos = number(directory.resolve("cpuacct.usage"));
    if (nanos.isPresent()) {
      cpuIsOld = true;
      any = true;
      oldCpu += nanos.getAsLong();
    }
    OptionalLong micros = entry(directory.resolve("cpu.stat"), "usage_usec");
    if (micros.isPresent()) {
      any = true;
      unifiedCpu += micros.getAsLong() * 1000;
    }
    addMemory(directory, "memory.usage_in_bytes", "total_inactive_file");
    addMemory(directory, "memory.current", "inactive_file");
  }

  private void addMemory(Path directory, String usage, String inactive) {
    OptionalLong bytes = number(directory.resolve(usage));
    if (bytes.isPresent()) {
      any = true;
      memory += bytes.getAsLong();
      droppable += entry(directory.resolve("memory.stat"), inactive).orElse(0);
    }
  }

  private static OptionalLong number(Path file) {
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException e) {
      // This hierarchy does not count it.
      return OptionalLong.empty();
    }
  }

  private static OptionalLong entry(Path file, String name) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(name + " "))
          .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1).strip()))
          .findFirst();
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}

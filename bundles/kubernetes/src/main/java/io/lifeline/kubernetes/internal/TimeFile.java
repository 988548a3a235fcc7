package io.lifeline.kubernetes.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the API server's time for the next process of the same boot: one line with the boot's id,
 * how long the machine was up (also asleep), and the time.
 */
final class TimeFile {

  private static final Logger LOG = LoggerFactory.getLogger(TimeFile.class);

  private final Path file;
  private final Path kernel;

  TimeFile(Path file) {
    this(file, Path.of("/proc"));
  }

  TimeFile(Path file, Path kernel) {
    this.file = file;
    this.kernel = kernel;
  }

  void write(Instant now) {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(beside, "%s %d %s\n".formatted(boot(), upMillis(), now));
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn(
          "the API server's time cannot be kept in {}: an agent that is started again would go by"
              + " this machine's clock ({})",
          file,
          e.toString());
    }
  }

  /** What time it is now, when it was kept since the machine was started. */
  Optional<Instant> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      String[] kept = Files.readString(file).strip().split(" ", -1);
      long passed = upMillis() - Long.parseLong(kept[1]);
      return kept.length == 3 && kept[0].equals(boot()) && passed >= 0
          ? Optional.of(Instant.parse(kept[2]).plusMillis(passed))
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      LOG.warn("the time kept in {} is unreadable and is heard anew: {}", file, e.toString());
      return Optional.empty();
    }
  }

  private String boot() throws IOException {
    return Files.readString(kernel.resolve("sys/kernel/random/boot_id")).strip();
  }

  /** CLOCK_BOOTTIME, in hundredths of a second. */
  private long upMillis() throws IOException {
    String up = Files.readString(kernel.resolve("uptime")).split(" ", 2)[0];
    return Long.parseLong(up.replace(".", "")) * 10;
  }
}

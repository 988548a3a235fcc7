package io.lifeline.node.rollout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an instance tells the one that takes its place: an upgrade replaces this bundle as well, and
 * then the old instance's thread finishes it and the new one tells how it went. Two small files on
 * the agent's tmpfs; one thread of each instance.
 */
final class Handover {

  private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

  private final Path marker;
  private final Path failed;
  private final String process;
  private volatile boolean applying;

  /**
   * @param process names this process, also after its number was used again
   */
  Handover(Path folder, String process) {
    this.marker = folder.resolve("applying");
    this.failed = folder.resolve("failed");
    this.process = process;
  }

  /** Names this process by its number and its start. */
  static String thisProcess() {
    ProcessHandle own = ProcessHandle.current();
    return own.pid() + " " + own.info().startInstant().map(Object::toString).orElse("");
  }

  void begin() throws IOException {
    Files.createDirectories(marker.getParent());
    Files.writeString(marker, process);
    applying = true;
  }

  /** Whether this instance is at it. */
  boolean applying() {
    return applying;
  }

  void end() {
    applying = false;
    try {
      Files.deleteIfExists(marker);
    } catch (IOException e) {
      LOG.warn("{} cannot be removed: {}", marker, e.getMessage());
    }
  }

  /** Whether an instance before this one is still at it. */
  boolean busy() {
    return read(marker).filter(process::equals).isPresent();
  }

  /** Whether a process before this one ended in the middle of it; told once. */
  boolean wasCut() {
    boolean cut = read(marker).filter(other -> !other.equals(process)).isPresent();
    if (cut) {
      end();
    }
    return cut;
  }

  /** Leaves word for the next instance. */
  void leave(String failure) {
    try {
      Files.writeString(failed, failure);
    } catch (IOException e) {
      LOG.error("the upgrade failed, and nobody will tell the operator: {}", failure, e);
    }
  }

  /** What the instance before left; told once. */
  Optional<String> left() {
    Optional<String> failure = read(failed);
    if (failure.isPresent()) {
      try {
        Files.deleteIfExists(failed);
      } catch (IOException e) {
        LOG.warn("{} cannot be removed: {}", failed, e.getMessage());
      }
    }
    return failure;
  }

  private static Optional<String> read(Path file) {
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", file, e.getMessage());
      return Optional.empty();
    }
  }
}

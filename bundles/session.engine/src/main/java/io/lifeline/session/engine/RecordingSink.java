package io.lifeline.session.engine;

import io.lifeline.session.api.SessionEngine.Recording;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a copy of what is recorded, and of the audit log, where it outlives the machine. The ring
 * is what waits to be copied: there is no other queue, no session waits for the copy, and one that
 * has fallen behind catches up as long as the ring has what it lacks.
 *
 * <p>Any thread may ask; one thread of its own copies, for a disk that hangs hangs nobody else.
 */
final class RecordingSink implements Runnable {

  /** How a file's rest is brought over; it may block for ever. */
  interface Copy {

    /**
     * Makes the copy as long as the file is now.
     *
     * @param moved is run now and then while it goes on
     * @return how long both are
     */
    long complete(Path from, Path to, Runnable moved) throws IOException;
  }

  /** Where from: the ring, and the files of the audit log. */
  interface Source {
    List<Recording> recordings();

    List<Path> audit();
  }

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long PAUSE = 1000;
  private static final long STACK = 256 * 1024L;

  private final Path folder;
  private final Source source;
  private final Copy copy;
  private final Duration patience;
  private final Map<Path, Copied> copies = new ConcurrentHashMap<>();
  private volatile long busySince;
  private volatile String failure = "";
  private volatile boolean idle = true;
  private @Nullable Thread thread;
  private boolean needed;
  private boolean closing;

  /**
   * @param to where the copy is
   * @param bytes how much of it there is
   */
  private record Copied(Path to, long bytes) {}

  /**
   * @param folder where copies go; only the thread of its own ever looks there
   * @param patience how long a disk may take to write a piece
   */
  RecordingSink(Path folder, Source source, Copy copy, Duration patience) {
    this.folder = folder;
    this.source = source;
    this.copy = copy;
    this.patience = patience;
  }

  /** Of a ring and an audit log, onto a disk. */
  static RecordingSink of(Path folder, Recordings recordings, AuditFile audit) {
    return new RecordingSink(folder, source(recordings, audit), new FileCopy(), PATIENCE);
  }

  static Source source(Recordings recordings, AuditFile audit) {
    return new Source() {
      @Override
      public List<Recording> recordings() {
        return recordings.all();
      }

      @Override
      public List<Path> audit() {
        return audit.files();
      }
    };
  }

  Path folder() {
    return folder;
  }

  /** There is something to copy. */
  synchronized void need() {
    needed = true;
    idle = false;
    if (thread == null) {
      Thread fresh = new Thread(null, this, "lifeline-recording-sink", STACK);
      fresh.setDaemon(true);
      fresh.start();
      thread = fresh;
    }
    notifyAll();
  }

  /** What is there is copied, once, and then no more. */
  synchronized void close() {
    closing = true;
    notifyAll();
  }

  /** Why what is recorded is not copied now. */
  Optional<String> trouble() {
    long since = busySince;
    if (since != 0 && System.nanoTime() - since > patience.toNanos()) {
      return Optional.of("the disk has not answered for " + Countdown.words(patience));
    }
    return failure.isEmpty() ? Optional.empty() : Optional.of(failure);
  }

  /** Whether all that is there has been copied, and nothing is being recorded. */
  boolean isIdle() {
    return idle;
  }

  /** A recording has left the ring; says whether all of it had been copied. */
  boolean removed(Recording recording) {
    Copied copied = copies.remove(recording.file());
    return copied != null && copied.bytes() >= recording.bytes();
  }

  @Override
  public void run() {
    try {
      boolean again = true;
      while (again) {
        again = rest(pass());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether there is a next time. */
  private synchronized boolean rest(boolean done) throws InterruptedException {
    if (closing) {
      thread = null;
      return false;
    }
    idle = done && !needed;
    if (idle) {
      while (!needed && !closing) {
        wait();
      }
    } else {
      wait(PAUSE);
    }
    needed = false;
    return true;
  }

  /** Copies what there is now; says whether nothing more is to be expected. */
  private boolean pass() {
    List<Recording> recordings = source.recordings();
    boolean live = false;
    List<String> failures = new ArrayList<>();
    for (Path log : source.audit()) {
      // Its name stays when the file behind it is another.
      copies.remove(log);
      complete(log).ifPresent(failures::add);
    }
    for (Recording recording : recordings) {
      Copied copied = copies.get(recording.file());
      if (copied == null || copied.bytes() < recording.bytes()) {
        complete(recording.file()).ifPresent(failures::add);
      }
      live |= recording.live();
    }
    failure = failures.isEmpty() ? "" : failures.get(0);
    return failures.isEmpty() && !live;
  }

  /** Says why a file could not be copied. */
  private Optional<String> complete(Path file) {
    busySince = Math.max(1, System.nanoTime());
    try {
      Copied before = copies.get(file);
      Optional<Path> to =
          before == null ? SinkName.of(file).map(folder::resolve) : Optional.of(before.to());
      if (to.isPresent()) {
        long bytes =
            copy.complete(file, to.get(), () -> busySince = Math.max(1, System.nanoTime()));
        if (Files.exists(file)) {
          copies.put(file, new Copied(to.get(), bytes));
        }
      }
      return Optional.empty();
    } catch (NoSuchFileException e) {
      // The ring needed its room, and says so; or the folder has gone.
      return Files.exists(file)
          ? Optional.of("%s: it is not there".formatted(e.getFile()))
          : Optional.empty();
    } catch (FileSystemException e) {
      return Optional.of(
          e.getReason() == null ? e.toString() : "%s: %s".formatted(e.getFile(), e.getReason()));
    } catch (IOException e) {
      return Optional.of(e.toString());
    } finally {
      busySince = 0;
    }
  }
}

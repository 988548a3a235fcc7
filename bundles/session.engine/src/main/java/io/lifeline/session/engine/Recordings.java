package io.lifeline.session.engine;

import io.lifeline.session.api.SessionEngine.Recording;
import io.lifeline.session.engine.EngineSettings.Recorded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recorded sessions: a ring of files on the agent's tmpfs. When there is no room the oldest
 * that is finished goes. Any thread.
 */
final class Recordings {

  private static final Logger LOG = LoggerFactory.getLogger(Recordings.class);
  private static final String ENDING = ".cast";
  // A short file takes a page, and the tmpfs has 16k inodes.
  private static final int PAGE = 4096;
  private static final int MOST_FILES = 1024;

  private final Path directory;
  private final long most;

  /** What those that are being written take, whether their files still have a name or not. */
  private final Map<String, Long> live = new HashMap<>();

  private volatile Consumer<Recording> removed = recording -> {};
  private long used;
  private int files;

  /** One that an earlier life of the agent left is finished. */
  Recordings(Path directory, Recorded settings) {
    this.directory = directory;
    this.most = settings.mebibytes() * 1024L * 1024L;
    count(all());
  }

  /** Who hears of one that had to go; at once, and must not block. */
  void whenRemoved(Consumer<Recording> told) {
    removed = told;
  }

  Path directory() {
    return directory;
  }

  synchronized boolean has(String id) {
    return Files.exists(file(id));
  }

  private Path file(String id) {
    return directory.resolve(id + ENDING);
  }

  /** A new file, for the session to be written into. */
  synchronized FileChannel begin(String id) throws IOException {
    Files.createDirectories(directory);
    if (files >= MOST_FILES) {
      all().stream().filter(old -> !old.live()).limit(MOST_FILES / 8).forEach(this::remove);
    }
    FileChannel file =
        FileChannel.open(file(id), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    live.put(id, (long) PAGE);
    files++;
    used += PAGE;
    return file;
  }

  /** One of an earlier life, to be gone on with; a line that was not written whole is cut off. */
  synchronized FileChannel again(String id) throws IOException {
    if (!has(id)) {
      return begin(id);
    }
    FileChannel file =
        FileChannel.open(file(id), StandardOpenOption.READ, StandardOpenOption.WRITE);
    long end = file.size();
    ByteBuffer last = ByteBuffer.allocate(1);
    while (end > 0 && file.read(last.clear(), end - 1) == 1 && last.get(0) != '\n') {
      end--;
    }
    file.truncate(end).position(end);
    live.put(id, end + PAGE);
    return file;
  }

  Path of(String id) {
    return file(id);
  }

  synchronized void finished(String id) {
    live.remove(id);
  }

  /** Makes room for more of a recording; says whether it could. */
  synchronized boolean take(String id, long bytes) {
    if (used + bytes > most) {
      List<Recording> found = all();
      count(found);
      for (Recording old : found) {
        if (used + bytes <= most) {
          break;
        }
        if (!old.live()) {
          remove(old);
        }
      }
    }
    if (used + bytes > most) {
      return false;
    }
    used += bytes;
    live.computeIfPresent(id, (one, before) -> before + bytes);
    return true;
  }

  /** Whether a session could be written down from its beginning. */
  synchronized boolean hasRoom() {
    if (used < most) {
      return true;
    }
    List<Recording> found = all();
    count(found);
    return used < most || found.stream().anyMatch(recording -> !recording.live());
  }

  /** Anew: a person who wants room removes files too. */
  private void count(List<Recording> found) {
    List<Recording> finished = found.stream().filter(recording -> !recording.live()).toList();
    used =
        finished.stream().mapToLong(Recordings::cost).sum()
            + live.values().stream().mapToLong(Long::longValue).sum();
    files = finished.size() + live.size();
  }

  private static long cost(Recording recording) {
    return recording.bytes() + PAGE;
  }

  private void remove(Recording old) {
    try {
      Files.deleteIfExists(old.file());
      used -= cost(old);
      files--;
      removed.accept(old);
    } catch (IOException e) {
      LOG.warn("the old recording {} cannot be removed: {}", old.file(), e.toString());
    }
  }

  private record Dated(Recording recording, long modified) {}

  private Optional<Dated> dated(Path file) throws IOException {
    String name = file.getFileName().toString();
    String id = name.substring(0, name.length() - ENDING.length());
    try {
      return Optional.of(
          new Dated(
              new Recording(id, file, Files.size(file), live.containsKey(id)),
              Files.getLastModifiedTime(file).toMillis()));
    } catch (NoSuchFileException e) {
      // It has just gone.
      return Optional.empty();
    }
  }

  /** The oldest first. */
  synchronized List<Recording> all() {
    List<Dated> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + ENDING)) {
      for (Path file : files) {
        dated(file).ifPresent(found::add);
      }
    } catch (NoSuchFileException e) {
      // There never was one.
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", directory, e.toString());
    }
    found.sort(Comparator.comparingLong(Dated::modified));
    return found.stream().map(Dated::recording).toList();
  }
}

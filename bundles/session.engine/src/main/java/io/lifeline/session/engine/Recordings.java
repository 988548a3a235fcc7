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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
  private final Set<String> live = new HashSet<>();
  private volatile Consumer<Recording> removed = recording -> {};
  private long used;
  private int files;

  /** One that an earlier life of the agent left is finished. */
  Recordings(Path directory, Recorded settings) {
    this.directory = directory;
    this.most = settings.mebibytes() * 1024L * 1024L;
    List<Recording> found = all();
    this.used = found.stream().mapToLong(Recordings::cost).sum();
    this.files = found.size();
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
    live.add(id);
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
    live.add(id);
    return file;
  }

  Path of(String id) {
    return file(id);
  }

  synchronized void finished(String id) {
    live.remove(id);
  }

  /** Makes room; says whether it could. */
  synchronized boolean take(long bytes) {
    if (used + bytes > most) {
      for (Recording old : all()) {
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
    return true;
  }

  /** Whether a session could be written down from its beginning. */
  synchronized boolean hasRoom() {
    return used < most || all().stream().anyMatch(recording -> !recording.live());
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

  /** The oldest first. */
  synchronized List<Recording> all() {
    record Dated(Recording recording, long modified) {}
    List<Dated> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + ENDING)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String id = name.substring(0, name.length() - ENDING.length());
        found.add(
            new Dated(
                new Recording(id, file, Files.size(file), live.contains(id)),
                Files.getLastModifiedTime(file).toMillis()));
      }
    } catch (NoSuchFileException e) {
      // There never was one, or one has just gone.
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", directory, e.toString());
    }
    found.sort(Comparator.comparingLong(Dated::modified));
    return found.stream().map(Dated::recording).toList();
  }
}

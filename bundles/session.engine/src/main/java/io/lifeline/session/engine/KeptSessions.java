package io.lifeline.session.engine;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shells that outlive the agent's process: a file each, on its tmpfs. Any thread. */
final class KeptSessions {

  private static final Logger LOG = LoggerFactory.getLogger(KeptSessions.class);

  private final Path directory;
  private final String life;

  /**
   * @param life of this process: all instances of this bundle in it have the same
   */
  KeptSessions(Path directory, String life) {
    this.directory = directory;
    this.life = life;
  }

  /** Which process this is, for as long as the machine is up. */
  static String thisLife() {
    ProcessHandle self = ProcessHandle.current();
    return self.pid() + "-" + self.info().startInstant().map(at -> at.toEpochMilli()).orElse(0L);
  }

  synchronized void write(LiveSession session) throws IOException {
    Files.createDirectories(directory);
    Path whole = directory.resolve(session.id());
    Path part = directory.resolve("." + session.id());
    try (Writer out = Files.newBufferedWriter(part)) {
      session.kept(life).properties().store(out, null);
    }
    Files.move(part, whole, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  synchronized void forget(String id) {
    try {
      Files.deleteIfExists(directory.resolve(id));
    } catch (IOException e) {
      LOG.debug("what is kept of {} remains", id, e);
    }
  }

  /** Those of lives that are over. */
  synchronized List<KeptSession> ofOthers() {
    List<KeptSession> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "[!.]*")) {
      for (Path file : files) {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
          properties.load(in);
        }
        KeptSession.of(properties).filter(kept -> !kept.life().equals(life)).ifPresent(found::add);
      }
    } catch (NoSuchFileException e) {
      // There never was one.
    } catch (IOException e) {
      LOG.warn(
          "shells of the agent's earlier life cannot be joined again: {} cannot be read: {}",
          directory,
          e.toString());
    }
    return found;
  }
}

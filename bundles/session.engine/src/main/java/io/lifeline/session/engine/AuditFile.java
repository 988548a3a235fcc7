package io.lifeline.session.engine;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines that are only ever added: {@code audit.jsonl}, and {@code audit.1.jsonl} with those before
 * it. Both together stay below a bound. Any thread.
 */
final class AuditFile implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);

  private final Path file;
  private final Path earlier;
  private final long most;
  private @Nullable FileChannel channel;
  private long size;
  private boolean broken;

  /**
   * @param directory on the agent's tmpfs
   * @param kib how large both may be together
   */
  AuditFile(Path directory, int kib) {
    this.file = directory.resolve("audit.jsonl");
    this.earlier = directory.resolve("audit.1.jsonl");
    this.most = kib * 1024L / 2;
  }

  /** Both, the one that is written last. */
  List<Path> files() {
    return Stream.of(earlier, file).filter(Files::exists).toList();
  }

  synchronized void add(String line) {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      if (size + bytes.remaining() > most) {
        close();
        if (Files.exists(file)) {
          Files.move(file, earlier, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      FileChannel to = opened();
      size += bytes.remaining();
      while (bytes.hasRemaining()) {
        to.write(bytes);
      }
      broken = false;
    } catch (IOException e) {
      // The same line is in the agent's log.
      if (!broken) {
        LOG.warn("the audit file {} cannot be written: {}", file, e.toString());
      }
      broken = true;
      close();
    }
  }

  private FileChannel opened() throws IOException {
    FileChannel now = channel;
    if (now == null) {
      now = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      channel = now;
      size = now.size();
    }
    return now;
  }

  @Override
  public synchronized void close() {
    FileChannel now = channel;
    channel = null;
    if (now != null) {
      try {
        now.close();
      } catch (IOException e) {
        LOG.debug("the audit file could not be closed", e);
      }
    }
  }
}

package io.lifeline.kubernetes.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pod's token, read again when it is older than a minute: the kubelet renews the file. When the
 * file cannot be read the last token is used on.
 */
final class ServiceAccountToken implements Supplier<String> {

  private static final Logger LOG = LoggerFactory.getLogger(ServiceAccountToken.class);
  private static final long FRESH_NANOS = 60_000_000_000L;

  private final Path file;
  private String token;
  private long readAt;

  ServiceAccountToken(Path file) throws IOException {
    this.file = file;
    this.token = read();
    this.readAt = System.nanoTime();
  }

  @Override
  public synchronized String get() {
    if (System.nanoTime() - readAt > FRESH_NANOS) {
      readAt = System.nanoTime();
      try {
        token = read();
      } catch (IOException e) {
        LOG.warn("{} cannot be read ({}); the token read before is used on", file, e.toString());
      }
    }
    return token;
  }

  private String read() throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    if (text.isEmpty()) {
      throw new IOException(file + " is empty");
    }
    return text;
  }
}

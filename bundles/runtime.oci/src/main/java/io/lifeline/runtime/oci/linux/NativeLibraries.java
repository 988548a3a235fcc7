package io.lifeline.runtime.oci.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads JNA's own library. JNA unpacks it before it loads it, and by default that is into the
 * machine's {@code /tmp}, on the disk that is full when it is needed.
 */
public final class NativeLibraries {

  private static final String PLACE = "jna.tmpdir";

  private NativeLibraries() {}

  /**
   * @param state the agent's tmpfs
   * @throws IOException when it cannot be loaded from there
   */
  public static synchronized void load(Path state) throws IOException {
    String before = System.getProperty(PLACE);
    try {
      System.setProperty(
          PLACE, Files.createDirectories(state.resolve("native")).toAbsolutePath().toString());
      // The first use of it loads it; JNA removes the file at once.
      LibC.strerror(0);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
      throw new IOException(
          "JNA's library cannot be loaded from %s: %s. Is it mounted with noexec?"
              .formatted(state, e.getMessage()),
          e);
    } finally {
      if (before == null) {
        System.clearProperty(PLACE);
      } else {
        System.setProperty(PLACE, before);
      }
    }
  }
}

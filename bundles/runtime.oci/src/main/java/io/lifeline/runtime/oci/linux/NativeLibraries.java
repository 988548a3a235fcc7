package io.lifeline.runtime.oci.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads JNA's own library. JNA unpacks it before it loads it, and by default that is into the home
 * directory, on the disk that is full when it is needed.
 */
public final class NativeLibraries {

  private static final String PLACE = "jna.tmpdir";

  private NativeLibraries() {}

  /**
   * @param state the agent's tmpfs; where it is another mount namespace's, the JVM's own directory
   *     for temporary files is used, which a container has on a tmpfs of its own
   * @throws IOException when it cannot be loaded from there
   */
  public static synchronized void load(Path state) throws IOException {
    Path place = place(state);
    String before = System.getProperty(PLACE);
    try {
      System.setProperty(PLACE, place.toString());
      // The first use of it loads it; JNA removes the file at once.
      LibC.strerror(0);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
      throw new IOException(
          "JNA's library cannot be loaded from %s: %s. Is it mounted with noexec?"
              .formatted(place, e.getMessage()),
          e);
    } finally {
      if (before == null) {
        System.clearProperty(PLACE);
      } else {
        System.setProperty(PLACE, before);
      }
    }
  }

  private static Path place(Path state) throws IOException {
    Path own = Files.createDirectories(state.resolve("native"));
    // The JVM resolves every link before it loads a library. Below /proc/1/root that makes a path
    // of the worker, which this process may not have, or have with something else in it.
    Path canonical = own.toFile().getCanonicalFile().toPath();
    if (Files.exists(canonical) && Files.isSameFile(canonical, own)) {
      return canonical;
    }
    Files.deleteIfExists(own);
    return Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir")));
  }
}

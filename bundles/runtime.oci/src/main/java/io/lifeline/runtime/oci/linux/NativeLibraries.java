package io.lifeline.runtime.oci.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Loads JNA's own library. JNA unpacks it before it loads it, and by default that is into the home
 * directory, on the disk that is full when it is needed.
 */
public final class NativeLibraries {

  private static final String PLACE = "jna.tmpdir";

  private NativeLibraries() {}

  /**
   * Loads it from the directory that the system property {@code jna.tmpdir} names, else from the
   * agent's tmpfs, else from the JVM's own directory for temporary files.
   *
   * @param state the agent's tmpfs, which may be in another mount namespace
   * @throws IOException when it cannot be loaded from there
   */
  public static synchronized void load(Path state) throws IOException {
    String before = System.getProperty(PLACE);
    Path place = before == null ? place(state) : Path.of(before);
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
    for (Path place :
        List.of(state.resolve("native"), Path.of(System.getProperty("java.io.tmpdir")))) {
      Files.createDirectories(place);
      // The JVM resolves every link before it loads a library. Below /proc/1/root that makes a path
      // of the worker, which this process may not have, or have with something else in it.
      Path canonical = place.toFile().getCanonicalFile().toPath();
      if (Files.exists(canonical) && Files.isSameFile(canonical, place)) {
        return canonical;
      }
    }
    // Not on a tmpfs, but it is needed for a moment only, and while the worker is well.
    return Files.createTempDirectory(Path.of("/tmp"), "lifeline-native");
  }
}

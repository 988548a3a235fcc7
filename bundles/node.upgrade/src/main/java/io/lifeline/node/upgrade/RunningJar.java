package io.lifeline.node.upgrade;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarFile;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.osgi.framework.Bundle;

/**
 * The content of a bundle that runs, as a file: once it is updated, the framework has forgotten it,
 * and where it came from may be a disk that does not answer.
 */
final class RunningJar {

  private RunningJar() {}

  static void copy(Bundle bundle, Path to) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
      out.setLevel(Deflater.BEST_SPEED);
      // First, or JarInputStream would not find it.
      add(bundle, JarFile.MANIFEST_NAME, out);
      Enumeration<URL> entries = bundle.findEntries("/", "*", true);
      while (entries != null && entries.hasMoreElements()) {
        String path = entries.nextElement().getPath().substring(1);
        if (!path.endsWith("/") && !path.equals(JarFile.MANIFEST_NAME)) {
          add(bundle, path, out);
        }
      }
    }
  }

  private static void add(Bundle bundle, String path, ZipOutputStream out) throws IOException {
    URL entry = bundle.getEntry(path);
    if (entry == null) {
      throw new IOException("%s of %s is not there".formatted(path, bundle));
    }
    out.putNextEntry(new ZipEntry(path));
    try (InputStream in = entry.openStream()) {
      in.transferTo(out);
    }
    out.closeEntry();
  }
}

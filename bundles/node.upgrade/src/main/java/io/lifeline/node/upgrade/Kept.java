package io.lifeline.node.upgrade;

import io.lifeline.node.api.UpgradeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;

/**
 * What ran before the last upgrade, as files: an upgrade replaces also the bundle that would
 * remember it.
 */
final class Kept {

  private static final String VERSION = "VERSION";
  private static final String JAR = ".jar";

  private final Path folder;
  private final Path beside;

  Kept(Path folder) {
    this.folder = folder;
    this.beside = folder.resolveSibling(folder.getFileName() + ".new");
  }

  /** Copies what runs now of these bundles; it counts when {@link #commit} is called. */
  Map<String, Part> take(BundleContext framework, List<Part> parts) throws UpgradeException {
    Map<String, Part> taken = new TreeMap<>();
    try {
      Folders.empty(beside);
      Files.writeString(beside.resolve(VERSION), Running.version(framework));
      for (Part part : parts) {
        Bundle bundle = Running.bundle(framework, part.symbolicName()).orElseThrow();
        Path jar = beside.resolve(bundle.getSymbolicName() + "_" + bundle.getVersion() + JAR);
        RunningJar.copy(bundle, jar);
        taken.put(
            part.symbolicName(), new Part(part.symbolicName(), bundle.getVersion(), jar, false));
      }
      return taken;
    } catch (IOException e) {
      throw new UpgradeException(
          "what runs now cannot be kept, and nothing was touched: " + e.getMessage(), e);
    }
  }

  /** What was taken is what a rollback puts back. */
  void commit() throws UpgradeException {
    try {
      Folders.remove(folder);
      Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UpgradeException(
          "the upgrade is done, but there is no way back: %s".formatted(e.getMessage()), e);
    }
  }

  Optional<String> version() throws UpgradeException {
    try {
      Path file = folder.resolve(VERSION);
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UpgradeException("what was kept cannot be read: " + e.getMessage(), e);
    }
  }

  /** In no order. */
  List<Part> parts() throws UpgradeException {
    List<Part> parts = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder, "*" + JAR)) {
      for (Path jar : files) {
        String name = jar.getFileName().toString();
        int end = name.indexOf('_');
        String version = name.substring(end + 1, name.length() - JAR.length());
        parts.add(new Part(name.substring(0, end), Version.parseVersion(version), jar, false));
      }
      return parts;
    } catch (IOException e) {
      throw new UpgradeException("what was kept cannot be read: " + e.getMessage(), e);
    }
  }

  void forget() throws UpgradeException {
    try {
      Folders.remove(folder);
    } catch (IOException e) {
      throw new UpgradeException("what was kept cannot be removed: " + e.getMessage(), e);
    }
  }
}

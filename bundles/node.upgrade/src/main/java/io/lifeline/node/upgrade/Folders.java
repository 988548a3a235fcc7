package io.lifeline.node.upgrade;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Flat folders of our own. */
final class Folders {

  private Folders() {}

  /** Makes a folder that is there and empty. */
  static void empty(Path folder) throws IOException {
    remove(folder);
    Files.createDirectories(folder);
  }

  static void remove(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}

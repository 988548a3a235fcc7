package io.lifeline.runtime.oci.rootfs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the worker's own loader looks for libraries: {@code /etc/ld.so.conf} with what it includes,
 * musl's {@code /etc/ld-musl-*.path}, and what loaders have built in. See ld.so(8), ldconfig(8).
 */
final class LibraryDirectories {

  private static final List<String> BUILT_IN =
      List.of(
          "/lib/x86_64-linux-gnu",
          "/usr/lib/x86_64-linux-gnu",
          "/lib/aarch64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/lib64",
          "/usr/lib64",
          "/lib",
          "/usr/lib",
          "/usr/local/lib",
          "/lib/i386-linux-gnu",
          "/usr/lib/i386-linux-gnu",
          "/lib/arm-linux-gnueabihf",
          "/usr/lib/arm-linux-gnueabihf",
          "/lib32",
          "/usr/lib32");
  private static final int DEEPEST_INCLUDE = 8;

  private final WorkerTree tree;
  private final Set<String> directories = new LinkedHashSet<>();

  private LibraryDirectories(WorkerTree tree) {
    this.tree = tree;
  }

  /** All of them, in the order in which they are searched. */
  static List<String> of(WorkerTree tree) throws IOException {
    LibraryDirectories found = new LibraryDirectories(tree);
    found.configuration("/etc/ld.so.conf", 0);
    for (String path : found.matching("/etc/ld-musl-*.path")) {
      for (String line : tree.text(path).orElse("").split("[:\n]", -1)) {
        found.add(line);
      }
    }
    BUILT_IN.forEach(found::add);
    return List.copyOf(found.directories);
  }

  private void configuration(String path, int depth) throws IOException {
    Optional<String> text = depth > DEEPEST_INCLUDE ? Optional.empty() : tree.text(path);
    for (String raw : text.orElse("").split("\n", -1)) {
      String line = raw.replaceFirst("#.*", "").strip();
      if (line.startsWith("include ") || line.startsWith("include\t")) {
        for (String pattern : line.substring(8).strip().split("\\s+", -1)) {
          String absolute =
              pattern.startsWith("/")
                  ? pattern
                  : path.substring(0, path.lastIndexOf('/') + 1) + pattern;
          for (String included : matching(absolute)) {
            configuration(included, depth + 1);
          }
        }
      } else if (!line.startsWith("hwcap")) {
        // An entry may carry a library type: "/usr/lib=libc6".
        add(line.replaceFirst("=.*", ""));
      }
    }
  }

  private void add(String directory) {
    String stripped = directory.strip();
    if (stripped.startsWith("/")) {
      directories.add(stripped);
    }
  }

  /** The files that a pattern names; only its last part may hold wildcards, as in practice. */
  private List<String> matching(String pattern) throws IOException {
    int slash = pattern.lastIndexOf('/');
    Optional<String> directory = tree.resolve(pattern.substring(0, Math.max(slash, 1)));
    if (directory.isEmpty() || !Files.isDirectory(tree.seen(directory.get()))) {
      return List.of();
    }
    Set<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(tree.seen(directory.get()), pattern.substring(slash + 1))) {
      files.forEach(file -> names.add(directory.get() + "/" + file.getFileName()));
    }
    return new ArrayList<>(names);
  }
}

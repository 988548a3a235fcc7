package io.lifeline.kubernetes.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Reads files of a worker through the place where its root directory is seen, such as {@code
 * /proc/1/root}.
 *
 * <p>Symbolic links are followed as the worker itself would follow them: an absolute one begins
 * again at the root, and {@code ..} does not lead out of it. (On a real host {@code
 * kubelet-client-current.pem} is an absolute link.)
 *
 * @param root where this process sees the worker's {@code /}
 */
record RootedFiles(Path root) {

  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

  /** No key, certificate or token is larger. */
  private static final long MOST_BYTES = 1 << 20;

  String read(Path absolute) throws IOException {
    Path file = resolve(absolute);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(
          "%s is not there, or is no file (looked at %s)".formatted(absolute, file));
    }
    long size = Files.size(file);
    if (size > MOST_BYTES) {
      throw new IOException("%s has %d bytes; no key or certificate has".formatted(file, size));
    }
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  /** Where this process finds what the worker calls by this absolute path. */
  Path resolve(Path absolute) throws IOException {
    Deque<Path> left = new ArrayDeque<>();
    prepend(absolute, left);
    Path inside = Path.of("/");
    int links = 0;
    while (!left.isEmpty()) {
      String name = left.pop().toString();
      if (name.equals("..")) {
        Path parent = inside.getParent();
        inside = parent == null ? inside : parent;
        continue;
      }
      Path next = inside.resolve(name);
      Path seen = under(next);
      if (!name.equals(".") && Files.isSymbolicLink(seen)) {
        if (++links > MOST_LINKS) {
          throw new FileSystemLoopException(absolute.toString());
        }
        Path target = Files.readSymbolicLink(seen);
        prepend(target, left);
        inside = target.isAbsolute() ? Path.of("/") : inside;
      } else if (!name.equals(".")) {
        inside = next;
      }
    }
    return under(inside);
  }

  private static void prepend(Path path, Deque<Path> left) {
    for (int i = path.getNameCount() - 1; i >= 0; i--) {
      left.push(path.getName(i));
    }
  }

  private Path under(Path inside) {
    return root.resolve(Path.of("/").relativize(inside));
  }
}

package io.lifeline.runtime.oci.rootfs;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The worker's file tree, seen from outside: an absolute link in it means the worker's root, which
 * the kernel would not know when this process follows it.
 */
public final class WorkerTree {

  private static final int MOST_LINKS = 40;

  private final Path root;

  /**
   * @param root where this process sees the worker's root directory
   */
  public WorkerTree(Path root) {
    this.root = root;
  }

  /** A path of the worker as this process sees it; its links are not resolved. */
  public Path seen(String path) {
    return root.resolve(path.substring(1));
  }

  /**
   * The path of the worker without any link in it; empty when nothing is there.
   *
   * @param path absolute, as the worker says it
   * @throws IOException when the disk does not answer rightly
   */
  public Optional<String> resolve(String path) throws IOException {
    Deque<String> ahead = new ArrayDeque<>();
    push(ahead, path);
    Deque<String> behind = new ArrayDeque<>();
    int links = 0;
    while (!ahead.isEmpty()) {
      String name = ahead.pop();
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        // The root's parent is the root.
        behind.pollLast();
        continue;
      }
      behind.addLast(name);
      Path here = seen(joined(behind));
      if (Files.isSymbolicLink(here)) {
        if (++links > MOST_LINKS) {
          throw new FileSystemLoopException(path);
        }
        String target = Files.readSymbolicLink(here).toString();
        if (target.startsWith("/")) {
          behind.clear();
        } else {
          behind.removeLast();
        }
        push(ahead, target);
      } else if (!Files.exists(here, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
    }
    return Optional.of(joined(behind));
  }

  /** Like {@link #resolve}, for what must be a regular file. */
  public Optional<String> file(String path) throws IOException {
    return resolve(path).filter(real -> Files.isRegularFile(seen(real), LinkOption.NOFOLLOW_LINKS));
  }

  /** Its content in text; empty when it is not there. */
  public Optional<String> text(String path) throws IOException {
    Optional<String> real = file(path);
    return real.isEmpty() ? Optional.empty() : Optional.of(Files.readString(seen(real.get())));
  }

  private static void push(Deque<String> ahead, String path) {
    String[] names = path.split("/", -1);
    for (int i = names.length - 1; i >= 0; i--) {
      ahead.push(names[i]);
    }
  }

  private static String joined(Deque<String> names) {
    return "/" + String.join("/", names);
  }
}

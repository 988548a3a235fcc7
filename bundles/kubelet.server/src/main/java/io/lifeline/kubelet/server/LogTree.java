package io.lifeline.kubelet.server;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * The worker's {@code /var/log}, from which nothing leads out. Each directory is opened below the
 * one before (openat(2)) and no link is ever followed by the kernel: a link's text is only another
 * way to walk, from a place inside to a place inside, so that whoever changes files meanwhile gains
 * nothing. Each name is a {@link FileName}. Any thread; blocks as the worker's disk does.
 */
final class LogTree {

  private static final int MOST_LINKS = 40;
  private static final int MOST_ENTRIES = 10_000;

  /** Where it is on the worker; {@code /var} or {@code log} may be links to anywhere there. */
  private static final List<String> TOP = List.of("var", "log");

  private final Path root;

  /**
   * @param root where this process sees the worker's root directory
   */
  LogTree(Path root) {
    this.root = root;
  }

  /** What a path leads to. */
  sealed interface Found {}

  /** A regular file, open. */
  record LogFile(SeekableByteChannel channel) implements Found, Closeable {
    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /**
   * A directory.
   *
   * @param names of what is in it, in order; those of directories end with a slash
   * @param unlisted how many are in it beside these
   */
  record Directory(List<String> names, long unlisted) implements Found {}

  /**
   * Opens what is at a path below {@code /var/log}.
   *
   * @param path parted by slashes; empty for {@code /var/log} itself
   * @throws FileNotFoundException when nothing that may be read is there; the message says why
   */
  Found open(String path) throws IOException {
    List<String> names = names(path);
    if (names.contains("..") || path.indexOf('\0') >= 0) {
      throw new FileNotFoundException("invalid path: it must not have .. in it");
    }
    try {
      List<String> top = new Walk(List.of(), TOP).real(TOP);
      List<String> real = new Walk(top, TOP).real(names);
      return opened(real);
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new FileNotFoundException(
          "there is no /var/log/%s on the worker".formatted(FileName.text(path)));
    }
  }

  private Found opened(List<String> real) throws IOException {
    if (real.isEmpty()) {
      throw new FileNotFoundException("/var/log of the worker is its root directory");
    }
    Path last = FileName.path(real.get(real.size() - 1));
    try (SecureDirectoryStream<Path> parent = directory(real.subList(0, real.size() - 1))) {
      BasicFileAttributes attributes = attributes(parent, last);
      if (attributes.isDirectory()) {
        try (SecureDirectoryStream<Path> directory =
            parent.newDirectoryStream(last, LinkOption.NOFOLLOW_LINKS)) {
          return listed(directory);
        }
      }
      if (!attributes.isRegularFile()) {
        // Opening a pipe would wait for its writer.
        throw new FileNotFoundException(
            "/%s is no regular file".formatted(FileName.text(String.join("/", real))));
      }
      return new LogFile(
          parent.newByteChannel(last, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }
  }

  private static Directory listed(SecureDirectoryStream<Path> directory) throws IOException {
    List<String> names = new ArrayList<>();
    long unlisted = 0;
    try {
      for (Path entry : directory) {
        if (names.size() == MOST_ENTRIES) {
          unlisted++;
          continue;
        }
        Path path = entry.getFileName();
        String name = FileName.of(path);
        names.add(isDirectory(directory, path) ? name + "/" : name);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    names.sort(null);
    return new Directory(names, unlisted);
  }

  private static boolean isDirectory(SecureDirectoryStream<Path> parent, Path name) {
    try {
      return attributes(parent, name).isDirectory();
    } catch (IOException e) {
      // It has gone meanwhile.
      return false;
    }
  }

  /** Opens a directory of the worker by its real names, one below the other. */
  private SecureDirectoryStream<Path> directory(List<String> real) throws IOException {
    SecureDirectoryStream<Path> here = secure(Files.newDirectoryStream(root));
    for (String name : real) {
      try (SecureDirectoryStream<Path> above = here) {
        here = above.newDirectoryStream(FileName.path(name), LinkOption.NOFOLLOW_LINKS);
      }
    }
    return here;
  }

  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream)
      throws IOException {
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException("this JVM cannot open files below a directory (openat)");
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> parent, Path name)
      throws IOException {
    return parent
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  private static List<String> names(String path) {
    return Arrays.stream(path.split("/", -1))
        .filter(name -> !name.isEmpty() && !name.equals("."))
        .toList();
  }

  /** Finds the real names behind a path, its links among them. */
  private final class Walk {

    private final List<String> top;
    private final List<String> alias;
    private final boolean confined;
    private final Deque<String> ahead = new ArrayDeque<>();
    private final List<String> behind = new ArrayList<>();

    /**
     * @param top real names of the directory that must not be left; none for the worker's root
     * @param alias how links call it
     */
    Walk(List<String> top, List<String> alias) {
      this.top = top;
      this.alias = alias;
      this.confined = !top.isEmpty();
    }

    List<String> real(List<String> names) throws IOException {
      push(names);
      int links = 0;
      while (!ahead.isEmpty()) {
        String name = ahead.pop();
        if (name.equals("..")) {
          up();
          continue;
        }
        if (isLink(name)) {
          if (++links > MOST_LINKS) {
            throw new FileSystemLoopException(String.join("/", names));
          }
          follow(FileName.of(Files.readSymbolicLink(root.resolve(FileName.path(joined(name))))));
        } else {
          behind.add(name);
        }
      }
      List<String> real = new ArrayList<>(top);
      real.addAll(behind);
      return real;
    }

    private void up() throws IOException {
      if (!behind.isEmpty()) {
        behind.remove(behind.size() - 1);
      } else if (confined) {
        throw outside();
      }
    }

    private void follow(String target) throws IOException {
      List<String> names = names(target);
      if (target.startsWith("/")) {
        behind.clear();
        names = confined ? below(names) : names;
      }
      push(names);
    }

    private List<String> below(List<String> names) throws IOException {
      for (List<String> known : List.of(alias, top)) {
        if (names.size() >= known.size() && names.subList(0, known.size()).equals(known)) {
          return names.subList(known.size(), names.size());
        }
      }
      throw outside();
    }

    private boolean isLink(String name) throws IOException {
      List<String> here = new ArrayList<>(top);
      here.addAll(behind);
      try (SecureDirectoryStream<Path> parent = directory(here)) {
        return attributes(parent, FileName.path(name)).isSymbolicLink();
      }
    }

    private String joined(String name) {
      List<String> all = new ArrayList<>(top);
      all.addAll(behind);
      all.add(name);
      return String.join("/", all);
    }

    private void push(List<String> names) {
      for (int i = names.size() - 1; i >= 0; i--) {
        ahead.push(names.get(i));
      }
    }

    private FileNotFoundException outside() {
      return new FileNotFoundException("a link there leads out of /var/log: it is not followed");
    }
  }
}

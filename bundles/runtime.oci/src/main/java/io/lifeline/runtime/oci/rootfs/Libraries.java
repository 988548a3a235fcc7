package io.lifeline.runtime.oci.rootfs;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** Finds the libraries that a program needs, and those that they need, without running a loader. */
final class Libraries {

  /**
   * A library that was found.
   *
   * @param name as it is asked for (DT_NEEDED)
   * @param path the worker's path of it, without links
   */
  record Library(String name, String path) {}

  private final WorkerTree tree;
  private final List<String> directories;
  private final Map<String, ElfFile> read = new LinkedHashMap<>();

  Libraries(WorkerTree tree) throws IOException {
    this.tree = tree;
    this.directories = LibraryDirectories.of(tree);
  }

  ElfFile elf(String path) throws IOException {
    @Nullable ElfFile known = read.get(path);
    if (known == null) {
      known = ElfFile.read(tree.seen(path));
      read.put(path, known);
    }
    return known;
  }

  /**
   * Everything a program needs, its loader apart.
   *
   * @param program the worker's path of it, without links
   * @throws MissingException when a library is nowhere to be found
   */
  List<Library> needed(String program) throws IOException, MissingException {
    ElfFile root = elf(program);
    // What a program names (DT_RPATH) holds for its libraries too; DT_RUNPATH would not, and
    // looking there as well does no harm.
    List<String> own = expanded(root, program);
    Map<String, Library> found = new LinkedHashMap<>();
    Deque<String> open = new ArrayDeque<>(List.of(program));
    while (!open.isEmpty()) {
      String object = open.pop();
      for (String name : elf(object).needed()) {
        if (found.containsKey(name)) {
          continue;
        }
        Set<String> searched = new LinkedHashSet<>(expanded(elf(object), object));
        searched.addAll(own);
        searched.addAll(directories);
        root.interpreter().ifPresent(loader -> searched.add(parent(loader)));
        Optional<String> path = find(name, searched, root.kind());
        if (path.isEmpty() && muslHasIt(name, root)) {
          continue;
        }
        String real = path.orElseThrow(() -> missing(name, object, searched));
        found.put(name, new Library(name, real));
        open.push(real);
      }
    }
    return new ArrayList<>(found.values());
  }

  private Optional<String> find(String name, Set<String> searched, ElfFile.Kind kind)
      throws IOException {
    if (name.startsWith("/")) {
      return tree.file(name);
    }
    for (String directory : searched) {
      Optional<String> real = tree.file(directory + "/" + name);
      // A library of another word size is passed over, as the loader does.
      if (real.isPresent()
          && ElfFile.is(tree.seen(real.get()))
          && elf(real.get()).kind().equals(kind)) {
        return real;
      }
    }
    return Optional.empty();
  }

  // musl's loader is its libc, and answers to these names itself.
  private static boolean muslHasIt(String name, ElfFile program) {
    return name.matches("lib(c|pthread|rt|m|dl|util|xnet)\\..*")
        && program.interpreter().orElse("").contains("ld-musl");
  }

  private static List<String> expanded(ElfFile elf, String path) {
    String lib = elf.kind().bits() == 64 ? "lib64" : "lib";
    return elf.searched().stream()
        .map(
            directory ->
                directory
                    .replaceAll("\\$(ORIGIN|\\{ORIGIN\\})", Matcher.quoteReplacement(parent(path)))
                    .replaceAll("\\$(LIB|\\{LIB\\})", lib))
        .filter(directory -> directory.startsWith("/") && !directory.contains("$"))
        .toList();
  }

  static String parent(String path) {
    return path.substring(0, Math.max(path.lastIndexOf('/'), 1));
  }

  private static MissingException missing(String name, String object, Set<String> searched) {
    return new MissingException(
        "the library %s that %s needs is in none of %s on the worker"
            .formatted(name, object, String.join(", ", searched)));
  }
}

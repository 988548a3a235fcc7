package io.lifeline.runtime.oci.rootfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which of the worker's files make the root filesystem. Reads, writes nothing. */
final class Planner {

  private static final Logger LOG = LoggerFactory.getLogger(Planner.class);
  private static final int LONGEST_SCRIPT_LINE = 256;

  private final WorkerTree tree;
  private final Libraries libraries;
  private final RootfsContents contents;

  Planner(WorkerTree tree, RootfsContents contents) throws IOException {
    this.tree = tree;
    this.libraries = new Libraries(tree);
    this.contents = contents;
  }

  /**
   * @throws MissingException when a required program, or a library of one, is not on the worker
   * @throws IOException when the worker's disk does not answer rightly, or they are too large
   */
  Plan plan() throws IOException, MissingException {
    Plan plan = new Plan();
    for (String program : contents.required()) {
      program(plan, program);
    }
    Furniture.place(tree, plan);
    if (plan.bytes() > contents.mostBytes()) {
      throw new IOException(
          "the programs %s and their libraries are %d bytes, and %d are the most: raise rootfs.max or name fewer binaries"
              .formatted(contents.required(), plan.bytes(), contents.mostBytes()));
    }
    for (String program : contents.optional()) {
      plan = with(plan, program);
    }
    if (plan.has("/bin/bash")) {
      plan.link("/bin/sh", "bash");
    }
    return plan;
  }

  private Plan with(Plan plan, String program) {
    Plan larger = plan.copy();
    try {
      program(larger, program);
      if (larger.bytes() <= contents.mostBytes()) {
        return larger;
      }
      LOG.info("'{}' is left out of the root filesystem: there is no room for it", program);
    } catch (IOException | MissingException e) {
      LOG.debug("'{}' is left out of the root filesystem: {}", program, e.getMessage());
    }
    return plan;
  }

  private void program(Plan plan, String wanted) throws IOException, MissingException {
    String real = located(wanted);
    String name = wanted.substring(wanted.lastIndexOf('/') + 1);
    String file = real.substring(real.lastIndexOf('/') + 1);
    copy(plan, "/bin/" + file, real);
    if (!name.equals(file)) {
      plan.link("/bin/" + name, file);
    }
    if (ElfFile.is(tree.seen(real))) {
      loader(plan, real);
    } else {
      script(plan, real);
    }
  }

  private String located(String wanted) throws IOException, MissingException {
    if (wanted.startsWith("/")) {
      return tree.file(wanted)
          .orElseThrow(() -> new MissingException("the worker has no file " + wanted));
    }
    for (String directory : contents.searched()) {
      Optional<String> real = tree.file(directory + "/" + wanted);
      if (real.isPresent()) {
        return real.get();
      }
    }
    throw new MissingException(
        "the program '%s' is in none of %s on the worker"
            .formatted(wanted, String.join(", ", contents.searched())));
  }

  private void loader(Plan plan, String program) throws IOException, MissingException {
    ElfFile elf = libraries.elf(program);
    if (elf.interpreter().isPresent()) {
      String loader = elf.interpreter().get();
      String real =
          tree.file(loader)
              .orElseThrow(
                  () ->
                      new MissingException(
                          "the loader %s of %s is not on the worker".formatted(loader, program)));
      copy(plan, loader, real);
    }
    List<Libraries.Library> needed = libraries.needed(program);
    // All of them go where the C library is: that directory is surely built into its loader, and
    // there is no cache (ld.so.cache) that would tell it of others.
    String directory =
        needed.stream()
            .filter(library -> library.name().startsWith("libc.so"))
            .findFirst()
            .map(Libraries.Library::path)
            .or(elf::interpreter)
            .map(Libraries::parent)
            .orElse("/lib");
    for (Libraries.Library library : needed) {
      String name = library.name().substring(library.name().lastIndexOf('/') + 1);
      copy(plan, directory + "/" + name, library.path());
    }
    // Before glibc 2.34 names of users came from a library that nothing lists as needed.
    Optional<String> users = tree.file(directory + "/libnss_files.so.2");
    if (users.isPresent()) {
      copy(plan, directory + "/libnss_files.so.2", users.get());
    }
  }

  private void script(Plan plan, String path) throws IOException, MissingException {
    String line = firstLine(tree.seen(path));
    if (!line.startsWith("#!")) {
      throw new IOException("%s is neither an ELF program nor a script".formatted(path));
    }
    String[] words = line.substring(2).strip().split("\\s+", -1);
    program(plan, words[0]);
    // A name that its links end in another is wanted under the path that the script says.
    plan.link(words[0], "/usr/bin/" + words[0].substring(words[0].lastIndexOf('/') + 1));
    if (words[0].endsWith("/env") && words.length > 1) {
      program(plan, words[1]);
    }
  }

  private static String firstLine(Path script) throws IOException {
    byte[] start;
    try (var in = Files.newInputStream(script)) {
      start = in.readNBytes(LONGEST_SCRIPT_LINE);
    }
    return new String(start, java.nio.charset.StandardCharsets.ISO_8859_1).split("\n", 2)[0];
  }

  private void copy(Plan plan, String destination, String real) throws IOException {
    plan.copy(destination, real, Files.size(tree.seen(real)));
  }
}

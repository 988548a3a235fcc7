package io.lifeline.runtime.oci.rootfs;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files of a root filesystem, before any is written. Its layout is that of a merged {@code
 * /usr}, whatever the worker's is.
 */
final class Plan {

  /** Where a file's content comes from. */
  sealed interface Source {

    /** A copy of a file of the worker, by its path without links. */
    record Copy(String path, long bytes) implements Source {}

    record Link(String target) implements Source {}

    record Text(String text) implements Source {}

    /** Text that can be run. */
    record Script(String text) implements Source {}
  }

  private final Map<String, Source> files = new LinkedHashMap<>();

  Plan() {
    link("/bin", "usr/bin");
    link("/sbin", "usr/bin");
    link("/usr/sbin", "bin");
    for (String lib : new String[] {"lib", "lib64", "lib32"}) {
      link("/" + lib, "usr/" + lib);
    }
  }

  private Plan(Plan other) {
    files.putAll(other.files);
  }

  Plan copy() {
    return new Plan(this);
  }

  /** Where a path of the worker is in the merged layout. */
  static String merged(String path) {
    return path.replaceFirst("^(/usr|)/s?bin/", "/usr/bin/")
        .replaceFirst("^/(lib|lib64|lib32)/", "/usr/$1/");
  }

  void copy(String destination, String path, long bytes) {
    files.putIfAbsent(merged(destination), new Source.Copy(path, bytes));
  }

  void link(String destination, String target) {
    files.putIfAbsent(merged(destination), new Source.Link(target));
  }

  void text(String destination, String text) {
    files.putIfAbsent(merged(destination), new Source.Text(text));
  }

  void script(String destination, String text) {
    files.putIfAbsent(merged(destination), new Source.Script(text));
  }

  boolean has(String destination) {
    return files.containsKey(merged(destination));
  }

  Map<String, Source> files() {
    return files;
  }

  long bytes() {
    return files.values().stream()
        .mapToLong(source -> source instanceof Source.Copy copy ? copy.bytes() : 0)
        .sum();
  }
}

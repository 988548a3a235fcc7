import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * What the JVM is told to put into its archive of classes: {@code java ClassList.java NAMES PROGRAM
 * ROOT FOLDER}, with names as {@code java/lang/Object}, one a line. Written are FOLDER/classes
 * below ROOT, the bundles' classes, and FOLDER/list, in the words of {@code
 * -XX:SharedClassListFile}: what has a class loader of its own names its supertypes and where it
 * is. The same for the same input.
 */
final class ClassList {

  /** What must be in the list before it. */
  private record Found(byte[] bytes, String parent, List<String> interfaces) {}

  private final Map<String, Found> bundled = new HashMap<>();
  private final Map<String, Found> classPath = new HashMap<>();
  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final Set<String> without = new HashSet<>();
  private final List<String> lines = new ArrayList<>();
  private final Path root;
  private final Path classes;

  private ClassList(Path root, Path classes) {
    this.root = root;
    this.classes = classes;
  }

  public static void main(String[] arguments) throws IOException {
    Path program = Path.of(arguments[1]);
    Path root = Path.of(arguments[2]);
    String folder = arguments[3];
    ClassList list = new ClassList(root, Path.of(folder, "classes"));
    List<String> names = Files.readAllLines(Path.of(arguments[0]));
    Set<String> wanted = new HashSet<>(names);
    list.read(program.resolve("lib"), wanted, list.classPath);
    list.read(program.resolve("system"), wanted, list.bundled);
    for (String name : names) {
      if (!name.isEmpty() && !name.startsWith("#")) {
        list.add(name);
      }
    }
    Files.write(Path.of(root + folder, "list"), list.lines);
  }

  private void read(Path folder, Set<String> wanted, Map<String, Found> into) throws IOException {
    List<Path> jars;
    try (Stream<Path> files = Files.walk(folder)) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
    for (Path path : jars) {
      try (JarFile jar = new JarFile(path.toFile())) {
        for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
          String name = entry.getName().replaceAll("\\.class$", "");
          if (entry.getName().endsWith(".class") && wanted.contains(name)) {
            into.putIfAbsent(name, parse(jar.getInputStream(entry).readAllBytes()));
          }
        }
      }
    }
  }

  /** Whether it is in the list now. */
  private boolean add(String name) throws IOException {
    if (ids.containsKey(name)) {
      return true;
    }
    Found found = classPath.containsKey(name) ? classPath.get(name) : bundled.get(name);
    if (found == null) {
      // The JDK's, or of nobody: the JVM passes over what it does not know.
      ids.put(name, ids.size());
      lines.add(name + " id: " + ids.get(name));
      return true;
    }
    if (without.contains(name)) {
      return false;
    }
    boolean whole = add(found.parent());
    for (String each : found.interfaces()) {
      whole &= add(each);
    }
    if (!whole) {
      without.add(name);
      return false;
    }
    ids.put(name, ids.size());
    if (classPath.containsKey(name)) {
      lines.add(name + " id: " + ids.get(name));
      return true;
    }
    Path file = Path.of(root + "/" + classes, name + ".class");
    Files.createDirectories(file.getParent());
    Files.write(file, found.bytes());
    StringBuilder line = new StringBuilder(name + " id: " + ids.get(name));
    line.append(" super: ").append(ids.get(found.parent()));
    if (!found.interfaces().isEmpty()) {
      line.append(" interfaces:");
      found.interfaces().forEach(each -> line.append(' ').append(ids.get(each)));
    }
    lines.add(line + " source: " + classes);
    return true;
  }

  /** The names of its supertypes, by chapter 4 of the JVM's specification. */
  private static Found parse(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    in.skipNBytes(8);
    Object[] pool = new Object[in.readUnsignedShort()];
    for (int i = 1; i < pool.length; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> pool[i] = in.readUTF();
        case 7 -> pool[i] = in.readUnsignedShort();
        case 8, 16, 19, 20 -> in.skipNBytes(2);
        case 15 -> in.skipNBytes(3);
        case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
        case 5, 6 -> {
          in.skipNBytes(8);
          i++;
        }
        default -> throw new IOException("a constant with the tag " + tag);
      }
    }
    in.skipNBytes(4);
    String parent = name(pool, in.readUnsignedShort());
    List<String> interfaces = new ArrayList<>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      interfaces.add(name(pool, in.readUnsignedShort()));
    }
    return new Found(bytes, parent, interfaces);
  }

  private static String name(Object[] pool, int index) {
    return (String) pool[(Integer) pool[index]];
  }
}

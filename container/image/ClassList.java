import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * What the JVM is told to put into its archive of classes: {@code java ClassList.java NAMES PROGRAM
 * ROOT FOLDER}, with names as {@code java/lang/Object}, one a line, and the JVM's own lines with @.
 * Written are FOLDER/classes below ROOT, the bundles' classes, and FOLDER/list, in the words of
 * {@code -XX:SharedClassListFile}: what has a class loader of its own names its supertypes, which
 * come along, and where it is. The same for the same input.
 */
final class ClassList {

  /** What must be in the list before it. */
  private record Found(String parent, List<String> interfaces) {}

  /** Where a class is. */
  private record Place(JarFile jar, JarEntry entry) {}

  private final Map<String, Place> bundled = new HashMap<>();
  private final Map<String, Place> classPath = new HashMap<>();
  private final Map<String, Integer> ids = new LinkedHashMap<>();
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
    read(program.resolve("lib"), list.classPath);
    read(program.resolve("system"), list.bundled);
    List<String> spoken = new ArrayList<>();
    for (String name : Files.readAllLines(Path.of(arguments[0]))) {
      if (name.startsWith("@")) {
        spoken.add(name);
      } else if (!name.isEmpty() && !name.startsWith("#")) {
        list.add(name);
      }
    }
    list.lines.addAll(spoken);
    Files.write(Path.of(root + folder, "list"), list.lines);
  }

  /** The jars stay open until the end of this process. */
  private static void read(Path folder, Map<String, Place> into) throws IOException {
    List<Path> jars;
    try (Stream<Path> files = Files.walk(folder)) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
    for (Path path : jars) {
      JarFile jar = new JarFile(path.toFile());
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        if (entry.getName().endsWith(".class")) {
          into.putIfAbsent(entry.getName().replaceAll("\\.class$", ""), new Place(jar, entry));
        }
      }
    }
  }

  /** Whether it is in the list now. */
  private boolean add(String name) throws IOException {
    if (ids.containsKey(name)) {
      return true;
    }
    Place place = classPath.containsKey(name) ? classPath.get(name) : bundled.get(name);
    if (place == null) {
      // The JDK's, or of nobody: the JVM refuses a list with a class whose parent is of nobody.
      boolean known = ClassLoader.getSystemResource(name + ".class") != null;
      if (known) {
        ids.put(name, ids.size());
        lines.add(name + " id: " + ids.get(name));
      }
      return known;
    }
    byte[] bytes = place.jar().getInputStream(place.entry()).readAllBytes();
    Found found = parse(bytes);
    boolean whole = add(found.parent());
    for (String each : found.interfaces()) {
      whole &= add(each);
    }
    if (!whole) {
      return false;
    }
    ids.put(name, ids.size());
    if (classPath.containsKey(name)) {
      lines.add(name + " id: " + ids.get(name));
      return true;
    }
    Path file = Path.of(root + "/" + classes, name + ".class");
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
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
    return new Found(parent, interfaces);
  }

  private static String name(Object[] pool, int index) {
    return (String) pool[(Integer) pool[index]];
  }
}

package io.lifeline.runtime.oci.rootfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What an ELF file says about what it needs. Little-endian, 32 and 64 bit; see elf(5).
 *
 * @param kind word size and machine: a program takes only libraries of its own kind
 * @param interpreter the program's loader (PT_INTERP)
 * @param needed names of libraries (DT_NEEDED)
 * @param soname its own name as a library (DT_SONAME)
 * @param searched the directories that it names itself: DT_RUNPATH, or DT_RPATH where there is none
 */
record ElfFile(
    Kind kind,
    Optional<String> interpreter,
    List<String> needed,
    Optional<String> soname,
    List<String> searched) {

  /** Word size in bits, and the machine's ELF number: 62 is x86-64, 183 aarch64. */
  record Kind(int bits, int machine) {}

  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final int DT_NULL = 0;
  private static final int DT_NEEDED = 1;
  private static final int DT_STRTAB = 5;
  private static final int DT_STRSZ = 10;
  private static final int DT_SONAME = 14;
  private static final int DT_RPATH = 15;
  private static final int DT_RUNPATH = 29;
  // Far more than any real file has; a broken disk may hand out anything.
  private static final long LARGEST_TABLE = 4 << 20;

  ElfFile {
    needed = List.copyOf(needed);
    searched = List.copyOf(searched);
  }

  private record Segment(int type, long offset, long address, long size) {}

  private record Entry(long tag, long value) {}

  /** Whether a file begins as ELF files do. */
  static boolean is(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.size() >= 4
          && bytes(channel, 0, 4).order(ByteOrder.BIG_ENDIAN).getInt(0) == 0x7f454c46;
    }
  }

  /**
   * @throws IOException when it cannot be read or is not a whole ELF file
   */
  static ElfFile read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return parse(channel);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
      throw new IOException("%s is not a whole ELF file".formatted(file), e);
    }
  }

  private static ElfFile parse(FileChannel channel) throws IOException {
    ByteBuffer head = bytes(channel, 0, 64);
    if (head.order(ByteOrder.BIG_ENDIAN).getInt(0) != 0x7f454c46 || head.get(5) != 1) {
      throw new IllegalArgumentException("not little-endian ELF");
    }
    head.order(ByteOrder.LITTLE_ENDIAN);
    boolean wide = head.get(4) == 2;
    Kind kind = new Kind(wide ? 64 : 32, Short.toUnsignedInt(head.getShort(18)));
    List<Segment> segments = segments(channel, head, wide);
    Optional<String> interpreter = Optional.empty();
    List<Entry> dynamic = List.of();
    for (Segment segment : segments) {
      if (segment.type == PT_INTERP) {
        interpreter = Optional.of(text(bytes(channel, segment.offset, segment.size), 0));
      } else if (segment.type == PT_DYNAMIC) {
        dynamic = entries(bytes(channel, segment.offset, segment.size), wide);
      }
    }
    ByteBuffer names = names(channel, segments, dynamic);
    List<String> runPath = texts(dynamic, DT_RUNPATH, names);
    List<String> searched = runPath.isEmpty() ? texts(dynamic, DT_RPATH, names) : runPath;
    return new ElfFile(
        kind,
        interpreter,
        texts(dynamic, DT_NEEDED, names),
        texts(dynamic, DT_SONAME, names).stream().findFirst(),
        searched.stream()
            .flatMap(path -> Arrays.stream(path.split(":", -1)))
            .filter(path -> !path.isBlank())
            .toList());
  }

  private static List<Segment> segments(FileChannel channel, ByteBuffer head, boolean wide)
      throws IOException {
    long start = wide ? head.getLong(32) : Integer.toUnsignedLong(head.getInt(28));
    int size = Short.toUnsignedInt(head.getShort(wide ? 54 : 42));
    int count = Short.toUnsignedInt(head.getShort(wide ? 56 : 44));
    ByteBuffer table = bytes(channel, start, (long) size * count);
    List<Segment> segments = new ArrayList<>();
    for (int at = 0; at < size * count; at += size) {
      segments.add(
          wide
              ? new Segment(
                  table.getInt(at),
                  table.getLong(at + 8),
                  table.getLong(at + 16),
                  table.getLong(at + 32))
              : new Segment(
                  table.getInt(at),
                  Integer.toUnsignedLong(table.getInt(at + 4)),
                  Integer.toUnsignedLong(table.getInt(at + 8)),
                  Integer.toUnsignedLong(table.getInt(at + 16))));
    }
    return segments;
  }

  private static List<Entry> entries(ByteBuffer table, boolean wide) {
    List<Entry> entries = new ArrayList<>();
    int width = wide ? 16 : 8;
    for (int at = 0; at + width <= table.limit(); at += width) {
      Entry entry =
          wide
              ? new Entry(table.getLong(at), table.getLong(at + 8))
              : new Entry(table.getInt(at), Integer.toUnsignedLong(table.getInt(at + 4)));
      if (entry.tag == DT_NULL) {
        break;
      }
      entries.add(entry);
    }
    return entries;
  }

  /** The table of names: its address in memory is turned into a place in the file. */
  private static ByteBuffer names(FileChannel channel, List<Segment> segments, List<Entry> dynamic)
      throws IOException {
    Optional<Long> address = value(dynamic, DT_STRTAB);
    if (address.isEmpty()) {
      return ByteBuffer.allocate(0);
    }
    long wanted = address.get();
    for (Segment load : segments) {
      if (load.type == PT_LOAD && wanted >= load.address && wanted < load.address + load.size) {
        return bytes(
            channel, load.offset + (wanted - load.address), value(dynamic, DT_STRSZ).orElse(0L));
      }
    }
    throw new IllegalArgumentException("the table of names is in no segment");
  }

  private static Optional<Long> value(List<Entry> dynamic, int tag) {
    return dynamic.stream().filter(entry -> entry.tag == tag).map(Entry::value).findFirst();
  }

  private static List<String> texts(List<Entry> dynamic, int tag, ByteBuffer names) {
    return dynamic.stream()
        .filter(entry -> entry.tag == tag)
        .map(entry -> text(names, Math.toIntExact(entry.value)))
        .toList();
  }

  private static String text(ByteBuffer bytes, int start) {
    int end = start;
    while (bytes.get(end) != 0) {
      end++;
    }
    byte[] name = new byte[end - start];
    bytes.get(start, name);
    return new String(name, StandardCharsets.UTF_8);
  }

  private static ByteBuffer bytes(FileChannel channel, long offset, long size) throws IOException {
    if (offset < 0 || size < 0 || size > LARGEST_TABLE) {
      throw new IllegalArgumentException("a table of %d bytes at %d".formatted(size, offset));
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new IllegalArgumentException("the file ends within a table");
      }
    }
    return buffer.flip();
  }
}

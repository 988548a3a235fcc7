package io.lifeline.runtime.oci.rootfs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes ELF files that say what they need and do nothing. */
final class ElfWriter {

  private static final int BASE = 0x400000;

  private final boolean wide;
  private final List<long[]> dynamic = new ArrayList<>();
  private final ByteArrayOutputStream names = new ByteArrayOutputStream();
  private String interpreter = "";

  ElfWriter(int bits) {
    wide = bits == 64;
    names.write(0);
  }

  ElfWriter interpreter(String path) {
    interpreter = path;
    return this;
  }

  ElfWriter needs(String name) {
    return entry(1, name);
  }

  ElfWriter soname(String name) {
    return entry(14, name);
  }

  ElfWriter rPath(String path) {
    return entry(15, path);
  }

  ElfWriter runPath(String path) {
    return entry(29, path);
  }

  private ElfWriter entry(int tag, String name) {
    dynamic.add(new long[] {tag, names.size()});
    names.writeBytes(name.getBytes(StandardCharsets.UTF_8));
    names.write(0);
    return this;
  }

  void write(Path file) throws IOException {
    boolean needs = !dynamic.isEmpty();
    int word = wide ? 8 : 4;
    int head = wide ? 64 : 52;
    int entry = wide ? 56 : 32;
    int segments = 1 + (interpreter.isEmpty() ? 0 : 1) + (needs ? 1 : 0);
    int interpreterAt = head + segments * entry;
    int namesAt = interpreterAt + interpreter.length() + 1;
    int dynamicAt = namesAt + names.size();
    int dynamicSize = needs ? (dynamic.size() + 3) * 2 * word : 0;
    ByteBuffer out = ByteBuffer.allocate(dynamicAt + dynamicSize).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1), 1, 1});
    out.putShort(16, (short) 2).putShort(18, (short) 62);
    if (wide) {
      out.putLong(32, head).putShort(54, (short) entry).putShort(56, (short) segments);
    } else {
      out.putInt(28, head).putShort(42, (short) entry).putShort(44, (short) segments);
    }
    int at = head;
    segment(out, at, 1, 0, out.capacity());
    if (!interpreter.isEmpty()) {
      segment(out, at += entry, 3, interpreterAt, interpreter.length() + 1);
      out.put(interpreterAt, interpreter.getBytes(StandardCharsets.UTF_8));
    }
    if (needs) {
      segment(out, at + entry, 2, dynamicAt, dynamicSize);
      out.put(namesAt, names.toByteArray());
      dynamic.add(new long[] {5, BASE + namesAt});
      dynamic.add(new long[] {10, names.size()});
      out.position(dynamicAt);
      for (long[] pair : dynamic) {
        for (long value : pair) {
          if (wide) {
            out.putLong(value);
          } else {
            out.putInt((int) value);
          }
        }
      }
    }
    Files.createDirectories(file.getParent());
    Files.write(file, out.array());
  }

  private void segment(ByteBuffer out, int at, int type, int offset, int size) {
    out.putInt(at, type);
    if (wide) {
      out.putLong(at + 8, offset).putLong(at + 16, BASE + offset).putLong(at + 32, size);
    } else {
      out.putInt(at + 4, offset).putInt(at + 8, BASE + offset).putInt(at + 16, size);
    }
  }
}

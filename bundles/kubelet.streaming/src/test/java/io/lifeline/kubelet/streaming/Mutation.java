package io.lifeline.kubelet.streaming;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/**
 * Makes wrong conversations of right ones: what is nearly valid gets further than any random bytes.
 * A seed says everything, so that a failure is its seed.
 */
final class Mutation {

  private static final int[] BORDERS = {
    0,
    1,
    7,
    8,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x3fff,
    0x4000,
    0x4001,
    0x7fff,
    0x8000,
    0xffff,
    0x10000,
    0xffffff,
    0x7fffffff,
    0x80000000,
    0x80030001,
    0x80030003,
    0x80030006,
    0x80030008,
    -1
  };

  private Mutation() {}

  /** Any seed is as likely as any other; nothing is shrunk, for the next seed is another input. */
  static Arbitrary<Long> seeds() {
    return Arbitraries.randomValue(java.util.Random::nextLong);
  }

  /** A conversation of these frames with one to four things wrong, or none. */
  static byte[] of(List<byte[]> frames, SplittableRandom random) {
    List<byte[]> changed = new ArrayList<>(frames);
    int changes = random.nextInt(5);
    for (int i = 0; i < changes && !changed.isEmpty(); i++) {
      int at = random.nextInt(changed.size());
      switch (random.nextInt(8)) {
        case 0 -> changed.remove(at);
        case 1 -> changed.add(at, frames.get(random.nextInt(frames.size())));
        case 2 -> changed.add(changed.remove(at));
        case 3 -> changed.set(at, cut(changed.get(at), random));
        case 4 -> changed.add(at, noise(random));
        default -> changed.set(at, damaged(changed.get(at), random));
      }
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    changed.forEach(all::writeBytes);
    return all.toByteArray();
  }

  /** Takes the conversation apart anywhere: whole, byte by byte, or between. */
  static List<byte[]> split(byte[] bytes, SplittableRandom random) {
    int most = new int[] {1, 7, 64, Integer.MAX_VALUE}[random.nextInt(4)];
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes.length - at, most);
      length = length == 1 || most == Integer.MAX_VALUE ? length : 1 + random.nextInt(length);
      pieces.add(Arrays.copyOfRange(bytes, at, at + length));
      at += length;
    }
    return pieces;
  }

  private static byte[] cut(byte[] frame, SplittableRandom random) {
    return Arrays.copyOf(frame, random.nextInt(frame.length + 1));
  }

  private static byte[] noise(SplittableRandom random) {
    byte[] noise = new byte[random.nextInt(40)];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] damaged(byte[] frame, SplittableRandom random) {
    if (frame.length == 0) {
      return frame;
    }
    byte[] copy = frame.clone();
    // Headers are at the front, and most of what can be wrong with them.
    int at = random.nextInt(random.nextBoolean() ? Math.min(12, copy.length) : copy.length);
    switch (random.nextInt(4)) {
      case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> copy[at] = (byte) BORDERS[random.nextInt(BORDERS.length)];
      case 2 -> number(copy, at, BORDERS[random.nextInt(BORDERS.length)]);
      default -> number(copy, at, random.nextInt());
    }
    return copy;
  }

  private static void number(byte[] bytes, int at, int number) {
    for (int i = 0; i < 4 && at + i < bytes.length; i++) {
      bytes[at + i] = (byte) (number >>> 24 - 8 * i);
    }
  }
}

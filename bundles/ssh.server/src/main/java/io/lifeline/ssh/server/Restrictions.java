package io.lifeline.ssh.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a key's options or a certificate allow.
 *
 * @param command runs instead of whatever is asked for
 * @param sources the addresses it may come from; empty: any
 * @param terminal whether there may be one
 */
record Restrictions(Optional<String> command, List<Source> sources, boolean terminal) {

  static final Restrictions NONE = new Restrictions(Optional.empty(), List.of(), true);

  Restrictions {
    sources = List.copyOf(sources);
  }

  boolean allowsFrom(InetAddress address) {
    return sources.isEmpty() || sources.stream().anyMatch(source -> source.contains(address));
  }

  /** An address, or a range of them. */
  record Source(byte[] network, int bits) {

    boolean contains(InetAddress address) {
      byte[] bytes = address.getAddress();
      if (bytes.length != network.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit & 7);
        if ((bytes[bit >> 3] & mask) != (network[bit >> 3] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * A list as in {@code source-address}: addresses and CIDR ranges, parted by commas.
   *
   * @throws IllegalArgumentException when an item is anything else: a pattern, a name
   */
  static List<Source> sources(String list) {
    List<Source> sources = new ArrayList<>();
    for (String item : list.split(",", -1)) {
      sources.add(source(item.strip()));
    }
    return sources;
  }

  private static Source source(String item) {
    int slash = item.indexOf('/');
    String address = slash < 0 ? item : item.substring(0, slash);
    boolean digits =
        address.contains(":")
            ? address.matches("[0-9a-fA-F:.]+")
            : address.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    if (!digits) {
      throw new IllegalArgumentException(
          "the source '%s' is no address and no CIDR range".formatted(item));
    }
    try {
      byte[] network = InetAddress.getByName(address).getAddress();
      int most = network.length * 8;
      int bits = slash < 0 ? most : Integer.parseInt(item.substring(slash + 1));
      if (bits < 0 || bits > most) {
        throw new NumberFormatException();
      }
      return new Source(network, bits);
    } catch (UnknownHostException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "the source '%s' is no address and no CIDR range".formatted(item), e);
    }
  }
}

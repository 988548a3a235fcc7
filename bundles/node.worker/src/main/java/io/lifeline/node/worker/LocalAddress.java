package io.lifeline.node.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;

/** This machine's address, as the kubelet finds it: that of the default route. */
final class LocalAddress {

  private LocalAddress() {}

  static String find() {
    return ofDefaultRoute()
        .or(LocalAddress::firstOutward)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "this machine has no outward address: set 'address' in etc/"
                        + WorkerSettings.PID
                        + ".cfg"));
  }

  /**
   * Connecting a datagram socket sends nothing; it only makes the kernel choose a source address.
   */
  private static Optional<String> ofDefaultRoute() {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}), 9));
      return outward(socket.getLocalAddress());
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> firstOutward() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(LocalAddress::outward)
          .flatMap(Optional::stream)
          .findFirst();
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> outward(InetAddress address) {
    return address instanceof Inet4Address
            && !address.isLoopbackAddress()
            && !address.isAnyLocalAddress()
        ? Optional.of(address.getHostAddress())
        : Optional.empty();
  }
}

package io.lifeline.kubelet.streaming;

import java.util.Arrays;
import java.util.Optional;

/**
 * The streams of a remote command: a channel number over WebSocket, the header {@code streamtype}
 * over SPDY.
 */
enum StreamName {
  STDIN,
  STDOUT,
  STDERR,
  ERROR,
  RESIZE;

  /** Its channel number over WebSocket; the order above is the protocol's. */
  int channel() {
    return ordinal();
  }

  /** The stream of a channel number. */
  static Optional<StreamName> ofChannel(int channel) {
    return channel >= 0 && channel < values().length
        ? Optional.of(values()[channel])
        : Optional.empty();
  }

  /** The stream of a {@code streamtype} header. */
  static Optional<StreamName> ofHeader(String type) {
    return Arrays.stream(values()).filter(name -> name.header().equals(type)).findFirst();
  }

  String header() {
    return switch (this) {
      case STDIN -> "stdin";
      case STDOUT -> "stdout";
      case STDERR -> "stderr";
      case ERROR -> "error";
      case RESIZE -> "resize";
    };
  }
}

package io.lifeline.kubelet.streaming;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The remote command subprotocols over WebSocket. */
enum ChannelProtocol {
  V5("v5.channel.k8s.io", false, true),
  V4("v4.channel.k8s.io", false, true),
  V4_BASE64("v4.base64.channel.k8s.io", true, true),
  V1("channel.k8s.io", false, false),
  V1_BASE64("base64.channel.k8s.io", true, false);

  private static final List<ChannelProtocol> FORWARD = List.of(V4, V4_BASE64);

  private final String header;
  private final boolean base64;
  private final boolean jsonStatus;

  ChannelProtocol(String header, boolean base64, boolean jsonStatus) {
    this.header = header;
    this.base64 = base64;
    this.jsonStatus = jsonStatus;
  }

  /** As {@code Sec-WebSocket-Protocol} names it. */
  String header() {
    return header;
  }

  /** Text messages: the channel's number as a digit, then base64. */
  boolean base64() {
    return base64;
  }

  /** How its messages are made. */
  ChannelCoding coding() {
    return base64 ? ChannelCoding.BASE64 : ChannelCoding.BINARY;
  }

  /** Whether the end is a Status in JSON, not a text. */
  boolean jsonStatus() {
    return jsonStatus;
  }

  /** Whether a message 255 and a channel's number closes that channel. */
  boolean halfCloses() {
    return this == V5;
  }

  /**
   * Whether an empty message tells at the beginning that the connection stands, for clients that
   * wait for it. The fifth version is client-go's alone, which does not, and which sometimes finds
   * no stream for it yet and says so on standard error, although the kubelet sends it there too.
   */
  boolean saysItStands() {
    return this != V5;
  }

  /** The first of the client's that is known; a client that names none means the oldest. */
  static Optional<ChannelProtocol> negotiate(List<String> wanted) {
    if (wanted.isEmpty()) {
      return Optional.of(V1);
    }
    return wanted.stream()
        .flatMap(name -> Arrays.stream(values()).filter(known -> known.header.equals(name)))
        .findFirst();
  }

  /** The same for a port-forward, which is spoken in the fourth version alone. */
  static Optional<ChannelProtocol> negotiateForward(List<String> wanted) {
    return wanted.isEmpty()
        ? Optional.of(V4)
        : wanted.stream()
            .flatMap(name -> FORWARD.stream().filter(known -> known.header.equals(name)))
            .findFirst();
  }

  static List<String> knownForward() {
    return FORWARD.stream().map(ChannelProtocol::header).toList();
  }

  static List<String> known() {
    return Arrays.stream(values()).map(ChannelProtocol::header).toList();
  }
}

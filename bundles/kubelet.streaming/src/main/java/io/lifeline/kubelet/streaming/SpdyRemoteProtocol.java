package io.lifeline.kubelet.streaming;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The versions of the remote command protocol over SPDY. v5 exists over WebSocket only. */
enum SpdyRemoteProtocol {
  V4("v4.channel.k8s.io", true, true),
  V3("v3.channel.k8s.io", true, false),
  V2("v2.channel.k8s.io", false, false),
  V1("channel.k8s.io", false, false);

  private final String header;
  private final boolean resizes;
  private final boolean jsonStatus;

  SpdyRemoteProtocol(String header, boolean resizes, boolean jsonStatus) {
    this.header = header;
    this.resizes = resizes;
    this.jsonStatus = jsonStatus;
  }

  /** As {@code X-Stream-Protocol-Version} names it. */
  String header() {
    return header;
  }

  /** Whether a terminal comes with a stream for its sizes. */
  boolean resizes() {
    return resizes;
  }

  /** Whether the end is a Status in JSON, not a text. */
  boolean jsonStatus() {
    return jsonStatus;
  }

  /** The first of the client's that is known: the order is its wish. */
  static Optional<SpdyRemoteProtocol> negotiate(List<String> wanted) {
    return wanted.stream()
        .flatMap(name -> Arrays.stream(values()).filter(known -> known.header.equals(name)))
        .findFirst();
  }

  static List<String> known() {
    return Arrays.stream(values()).map(SpdyRemoteProtocol::header).toList();
  }
}

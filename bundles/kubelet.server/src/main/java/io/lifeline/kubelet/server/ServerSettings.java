package io.lifeline.kubelet.server;

import io.lifeline.config.Settings;
import io.netty.util.NetUtil;
import java.time.Duration;

/**
 * The kubelet API's socket and its limits.
 *
 * @param bind the address to listen on
 * @param connections how many may be open at once
 * @param threads how many requests are authorised, or sessions opened, at the same time
 * @param header how long a client may take for TLS and for each request's headers
 * @param keepAlive how long a connection without a request is kept
 * @param drain how long live connections may go on when the rescue ends
 */
record ServerSettings(
    String bind,
    int connections,
    int threads,
    Duration header,
    Duration keepAlive,
    Duration drain) {

  static final String PID = "io.lifeline.kubelet.server";

  static ServerSettings of(Settings settings) {
    String bind = settings.text("bind", "0.0.0.0");
    if (!NetUtil.isValidIpV4Address(bind) && !NetUtil.isValidIpV6Address(bind)) {
      throw settings.refused("bind", bind, "it must be an IP address of this machine, or 0.0.0.0");
    }
    return new ServerSettings(
        bind,
        settings.number("connections.max", 512, 8, 65535),
        settings.number("threads", 4, 1, 64),
        settings.duration("header.timeout", "10s", "1s", "1m"),
        settings.duration("keepalive.timeout", "90s", "1s", "1h"),
        settings.duration("drain.timeout", "2s", "0s", "1m"));
  }
}

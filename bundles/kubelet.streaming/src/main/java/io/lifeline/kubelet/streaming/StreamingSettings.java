package io.lifeline.kubelet.streaming;

import io.lifeline.config.Settings;
import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;

/**
 * Limits of the streaming protocols.
 *
 * @param creation how long a client may take to open the streams it asked for
 * @param idle how long nothing may be said either way before the connection is closed
 * @param goodbye how long a client that was told the end may take to close
 * @param low bytes of output waiting for a client under which its process is read again
 * @param high bytes of output waiting for a client over which its process is not read
 * @param forwards ports that one connection may have open at once
 */
record StreamingSettings(
    Duration creation, Duration idle, Duration goodbye, int low, int high, int forwards) {

  static final String PID = "io.lifeline.kubelet.streaming";

  static StreamingSettings of(Settings settings) {
    int low = settings.number("output.low.kib", 256, 16, 16384);
    int high = settings.number("output.high.kib", 1024, 32, 65536);
    if (high <= low) {
      throw settings.refused("output.high.kib", high, "it must be more than output.low.kib");
    }
    return new StreamingSettings(
        settings.duration("creation.timeout", "30s", "1s", "10m"),
        settings.duration("idle.timeout", "4h", "1s", "7d"),
        settings.duration("goodbye.timeout", "10s", "100ms", "5m"),
        low * 1024,
        high * 1024,
        settings.number("forwards.max", 128, 1, 4096));
  }

  WriteBufferWaterMark waterMarks() {
    return new WriteBufferWaterMark(low, high);
  }
}

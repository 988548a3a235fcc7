package io.lifeline.node.monitor;

import io.lifeline.node.api.Worker;
import io.lifeline.node.api.WorkerHealth.Signal;
import io.lifeline.node.api.WorkerHealth.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the machine says of its kubelet and its container runtime.
 *
 * <p>Plain sockets with time limits, no HTTP client: this runs for ever on every node, and a
 * kubelet that is stopped with its port still bound (fault F3) answers a connect but never a
 * request.
 */
final class MachineSignals {

  private final MonitorSettings settings;
  private final Worker worker;

  MachineSignals(MonitorSettings settings, Worker worker) {
    this.settings = settings;
    this.worker = worker;
  }

  List<Signal> ask() {
    List<Signal> signals = new ArrayList<>(2);
    settings.healthzPort().ifPresent(port -> signals.add(kubelet(port, settings.probeLimit())));
    settings.runtimeSocket().ifPresent(socket -> signals.add(runtime(socket)));
    return signals;
  }

  private static Signal kubelet(int port, Duration limit) {
    String source = "kubelet-healthz";
    try (Socket socket = new Socket()) {
      socket.setSoTimeout((int) limit.toMillis());
      socket.connect(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port),
          (int) limit.toMillis());
      socket
          .getOutputStream()
          .write(
              "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String status = new String(in.readNBytes(15), StandardCharsets.US_ASCII);
      return status.contains(" 200 ")
          ? new Signal(source, Verdict.READY, "ok")
          : new Signal(source, Verdict.NOT_READY, "it answers " + status.strip());
    } catch (IOException e) {
      return new Signal(
          source,
          Verdict.NOT_READY,
          "the kubelet does not answer on 127.0.0.1:%d (%s)".formatted(port, e.getMessage()));
    }
  }

  /**
   * Only whether somebody listens: a question of its own protocol could hang with it (fault F5).
   */
  private Signal runtime(String socket) {
    String source = "container-runtime";
    Path path = worker.path(socket);
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.configureBlocking(false);
      channel.connect(UnixDomainSocketAddress.of(path));
      return new Signal(source, Verdict.READY, "it listens on " + socket);
    } catch (IOException e) {
      return new Signal(
          source,
          Verdict.NOT_READY,
          "nothing listens on %s (%s)".formatted(socket, e.getMessage()));
    }
  }
}

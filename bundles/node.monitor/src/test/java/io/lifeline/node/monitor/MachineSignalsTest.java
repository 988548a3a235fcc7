package io.lifeline.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.node.api.Worker;
import io.lifeline.node.api.WorkerHealth.Signal;
import io.lifeline.node.api.WorkerHealth.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class MachineSignalsTest {

  @TempDir private Path root;

  private List<Signal> ask(int port) {
    MonitorSettings settings =
        new MonitorSettings(
            Duration.ofSeconds(1),
            Duration.ofMillis(300),
            new MonitorSettings.Hold(Duration.ZERO, Duration.ZERO),
            List.of(),
            Optional.of(port),
            Optional.of("/runtime.sock"));
    return new MachineSignals(settings, new WorkerAt(root)).ask();
  }

  @Test
  void aKubeletThatAnswersAndARuntimeThatListensAreWell() throws Exception {
    try (ServerSocket kubelet = server("HTTP/1.1 200 OK\r\n\r\nok");
        ServerSocketChannel runtime = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      runtime.bind(UnixDomainSocketAddress.of(root.resolve("runtime.sock")));
      assertThat(ask(kubelet.getLocalPort()))
          .extracting(Signal::verdict)
          .containsExactly(Verdict.READY, Verdict.READY);
    }
  }

  @Test
  void aKubeletThatHangsWithItsPortBoundIsNotWell() throws Exception {
    try (ServerSocket hung = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      List<Signal> signals = ask(hung.getLocalPort());
      assertThat(signals).extracting(Signal::verdict).containsOnly(Verdict.NOT_READY);
      assertThat(signals.get(0).detail()).contains("does not answer");
      assertThat(signals.get(1).detail()).contains("nothing listens on /runtime.sock");
    }
  }

  @Test
  void aKubeletThatSaysItIsIllIsNotWell() throws Exception {
    try (ServerSocket kubelet = server("HTTP/1.1 500 Internal Server Error\r\n\r\n")) {
      assertThat(ask(kubelet.getLocalPort()).get(0).detail()).contains("500");
    }
  }

  private static ServerSocket server(String answer) throws IOException {
    ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              try (Socket socket = server.accept()) {
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().read();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  private record WorkerAt(Path root) implements Worker {
    @Override
    public String name() {
      return "w9";
    }

    @Override
    public String backupName() {
      return "w9-debug";
    }

    @Override
    public String address() {
      return "127.0.0.1";
    }

    @Override
    public int kubeletPort() {
      return 1;
    }

    @Override
    public Path state() {
      return root;
    }
  }
}

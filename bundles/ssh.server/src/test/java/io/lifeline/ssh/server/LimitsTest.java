package io.lifeline.ssh.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the way of a flood, before anybody has proved who he is. */
class LimitsTest {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @TempDir Path home;

  private static SshSettings.Limits limits(
      int connections, int perAddress, int startups, int rate) {
    return new SshSettings.Limits(
        connections, perAddress, startups, rate, Duration.ofSeconds(30), 6);
  }

  private static InetAddress address(int last) throws Exception {
    return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
  }

  @Test
  void oneAddressHasItsOwnLimit() throws Exception {
    Newcomers newcomers = new Newcomers(limits(9, 2, 9, 99), System::nanoTime);

    assertThat(newcomers.enter(address(1))).isTrue();
    assertThat(newcomers.enter(address(1))).isTrue();
    assertThat(newcomers.enter(address(1))).isFalse();
    assertThat(newcomers.enter(address(2))).isTrue();
    newcomers.leave(address(1), false);
    assertThat(newcomers.enter(address(1))).isTrue();
  }

  @Test
  void thereIsALimitForAllTogether() throws Exception {
    Newcomers newcomers = new Newcomers(limits(2, 9, 9, 99), System::nanoTime);

    assertThat(newcomers.enter(address(1))).isTrue();
    assertThat(newcomers.enter(address(2))).isTrue();
    assertThat(newcomers.enter(address(3))).isFalse();
    newcomers.leave(address(1), false);
    assertThat(newcomers.enter(address(3))).isTrue();
  }

  @Test
  void anIpv6NetworkIsOneAddress() throws Exception {
    Newcomers newcomers = new Newcomers(limits(9, 1, 9, 99), System::nanoTime);

    assertThat(newcomers.enter(InetAddress.getByName("fd00::1"))).isTrue();
    assertThat(newcomers.enter(InetAddress.getByName("fd00::2"))).isFalse();
    assertThat(newcomers.enter(InetAddress.getByName("fd00:0:0:1::2"))).isTrue();
  }

  @Test
  void strangersLeaveRoomForThoseWhoAreKnown() throws Exception {
    Newcomers newcomers = new Newcomers(limits(9, 9, 1, 99), System::nanoTime);

    assertThat(newcomers.enter(address(1))).isTrue();
    assertThat(newcomers.enter(address(2))).isFalse();
    newcomers.known();
    assertThat(newcomers.enter(address(2))).isTrue();
    newcomers.leave(address(2), false);
    newcomers.leave(address(1), true);
    assertThat(newcomers.enter(address(3))).isTrue();
    assertThat(newcomers.enter(address(4))).isFalse();
  }

  @Test
  void theRateOfAnAddressIsLimitedAndRecovers() throws Exception {
    AtomicLong clock = new AtomicLong();
    Newcomers newcomers = new Newcomers(limits(99, 99, 99, 3), clock::get);

    for (int i = 0; i < 3; i++) {
      assertThat(newcomers.enter(HERE)).isTrue();
    }
    assertThat(newcomers.enter(HERE)).isFalse();
    assertThat(newcomers.enter(address(1))).isTrue();
    clock.addAndGet(Duration.ofSeconds(21).toNanos());
    assertThat(newcomers.enter(HERE)).isTrue();
    assertThat(newcomers.enter(HERE)).isFalse();
  }

  @Test
  void aFloodIsHungUpOnAndAPersonWhoIsInStaysAndAnotherComesInAfterIt() throws Exception {
    try (Ssh ssh =
        new Ssh(
            home,
            Map.of("startups.max", "3", "connections.per.address", "6", "login.time", "2s"))) {
      Process person = ssh.start(ssh.command("me@127.0.0.1", "cat"));
      Ssh.await(() -> !ssh.container.processes.isEmpty());
      List<Socket> flood = new ArrayList<>();
      int welcomed = 0;
      for (int i = 0; i < 12; i++) {
        Socket socket = new Socket("127.0.0.1", ssh.door.address().getPort());
        socket.setSoTimeout(1000);
        flood.add(socket);
        welcomed += greeted(socket) ? 1 : 0;
      }

      assertThat(welcomed).isEqualTo(3);
      assertThat(ssh.ssh("me@127.0.0.1", "exit 0").code()).isEqualTo(255);
      // Who says nothing for the login's time is hung up on, and there is room again.
      for (Socket socket : flood) {
        socket.setSoTimeout(10_000);
        gone(socket);
      }
      assertThat(ssh.ssh("me@127.0.0.1", "exit 0").code()).isZero();
      person.getOutputStream().write("still here".getBytes(StandardCharsets.UTF_8));
      person.getOutputStream().close();
      assertThat(ssh.finish(person).out()).isEqualTo("still here");
    }
  }

  /** A connection that has ended no longer knows who was in it. */
  @Test
  void whoHasBeenInMakesNoRoomForStrangers() throws Exception {
    try (Ssh ssh = new Ssh(home, Map.of("startups.max", "2"))) {
      for (int i = 0; i < 3; i++) {
        assertThat(ssh.ssh("me@127.0.0.1", "exit 0").code()).isZero();
        Ssh.await(() -> ssh.door.connections() == 0);
      }
      int welcomed = 0;
      List<Socket> flood = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Socket socket = new Socket("127.0.0.1", ssh.door.address().getPort());
        socket.setSoTimeout(2000);
        flood.add(socket);
        welcomed += greeted(socket) ? 1 : 0;
      }
      assertThat(welcomed).isEqualTo(2);
      for (Socket socket : flood) {
        socket.close();
      }
    }
  }

  private static boolean greeted(Socket socket) {
    try {
      return socket.getInputStream().read() == 'S';
    } catch (IOException e) {
      return false;
    }
  }

  private static void gone(Socket socket) throws IOException {
    try (InputStream in = socket.getInputStream()) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  @Test
  void moreKeysThanTriesAreNotListenedTo() throws Exception {
    try (Ssh ssh = new Ssh(home, Map.of("login.tries", "3"))) {
      List<String> command = new ArrayList<>(ssh.command());
      for (int i = 0; i < 5; i++) {
        ssh.keygen("-t", "ed25519", "-f", "no" + i, "-C", "no");
        command.addAll(command.indexOf("-i"), List.of("-i", home.resolve("no" + i).toString()));
      }
      command.addAll(List.of("me@127.0.0.1", "exit 0"));

      Ssh.Result result = ssh.run(command);

      assertThat(result.code()).isEqualTo(255);
      assertThat(result.err()).contains("Too many authentication failures");
      assertThat(ssh.container.processes).isEmpty();
    }
  }

  @Test
  void connectionsThatHaveGoneAreNotCounted() throws Exception {
    try (Ssh ssh = new Ssh(home, Map.of("connections.max", "1"))) {
      for (int i = 0; i < 3; i++) {
        // The client is gone a moment before the door has seen it.
        Ssh.await(() -> ssh.comesIn("me@127.0.0.1"));
      }
    }
  }

  @Test
  void theHostKeyIsTheSameAfterARestartAndIsForItsOwnerOnly() throws Exception {
    Path key = home.resolve("ssh_host_ed25519_key");
    try (Ssh ssh = new Ssh(home)) {
      assertThat(ssh.ssh("me@127.0.0.1", "exit 0").code()).isZero();
    }
    byte[] kept = Files.readAllBytes(key);
    String known = Files.readString(home.resolve("known_hosts"));
    try (Ssh ssh = new Ssh(home)) {
      assertThat(ssh.ssh("me@127.0.0.1", "exit 0").code()).isZero();
      assertThat(Files.readString(home.resolve("known_hosts")))
          .contains(known.split(" ")[2].strip());
    }

    assertThat(Files.readAllBytes(key)).isEqualTo(kept);
    assertThat(Files.getPosixFilePermissions(key)).hasSize(2);
  }

  @Test
  void aConfiguredHostKeyIsShownAndItsFingerprintIsThatOfOpenSsh() throws Exception {
    Path key = home.resolve("mounted");
    Process made =
        new ProcessBuilder(
                "ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", key.toString(), "-C", "host")
            .start();
    assertThat(made.waitFor()).isZero();
    Process listed = new ProcessBuilder("ssh-keygen", "-lf", key.toString()).start();
    String fingerprint = new String(listed.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(fingerprint).contains(HostKey.of(Optional.of(key), home).fingerprint());
    try (Ssh ssh = new Ssh(home, Map.of("host.key", key.toString()))) {
      assertThat(ssh.ssh("me@127.0.0.1", "exit 0").code()).isZero();
      assertThat(Files.readString(home.resolve("known_hosts"))).contains("ecdsa-sha2-nistp256");
    }
  }
}

package io.lifeline.ssh.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this door does not do, and that the person reads why. */
class RefusalsTest {

  @TempDir Path home;
  private Ssh ssh;

  @BeforeEach
  void open() throws Exception {
    ssh = new Ssh(home);
  }

  @AfterEach
  void close() {
    ssh.close();
  }

  @Test
  void filesAreNotCopied() throws Exception {
    Files.writeString(home.resolve("file"), "x");
    for (List<String> program :
        List.of(
            ssh.withKey("me", "scp", "file", "me@127.0.0.1:/tmp/file"),
            ssh.withKey("me", "scp", "-O", "file", "me@127.0.0.1:/tmp/file"),
            ssh.withKey("me", "scp", "-O", "me@127.0.0.1:/etc/passwd", "passwd"),
            ssh.withKey("me", "sftp", "me@127.0.0.1"))) {
      Ssh.Result result = ssh.run(program);
      assertThat(result.code()).as(program.toString()).isNotZero();
      assertThat(result.err()).as(program.toString()).contains(CommandLine.NO_COPY);
    }
    assertThat(ssh.container.processes).isEmpty();
  }

  @Test
  void anUnknownSubsystemSaysSo() throws Exception {
    Ssh.Result result = ssh.ssh("-s", "me@127.0.0.1", "netconf");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("there is no subsystem 'netconf' here");
  }

  @Test
  void nothingIsForwardedFromTheClientsSide() throws Exception {
    int port = freePort();
    Process process = ssh.start(loud("-L", port + ":127.0.0.1:22", "me@127.0.0.1", "cat"));
    Ssh.await(() -> !ssh.container.processes.isEmpty());
    try (Socket socket = new Socket("127.0.0.1", port)) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    process.getOutputStream().close();

    assertThat(ssh.finish(process).err())
        .contains("administratively prohibited: " + Forwarding.WHY);
  }

  @Test
  void noUnixSocketIsForwarded() throws Exception {
    int port = freePort();
    Process process = ssh.start(loud("-L", port + ":/run/containerd.sock", "me@127.0.0.1", "cat"));
    Ssh.await(() -> !ssh.container.processes.isEmpty());
    try (Socket socket = new Socket("127.0.0.1", port)) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    process.getOutputStream().close();

    assertThat(ssh.finish(process).err())
        .contains("administratively prohibited: " + Forwarding.WHY);
  }

  @Test
  void nothingIsForwardedBack() throws Exception {
    Ssh.Result result = ssh.ssh("-R", "0:127.0.0.1:22", "me@127.0.0.1", "exit 0");

    assertThat(result.err()).contains("nothing is forwarded back: " + Forwarding.WHY);
    assertThat(ssh.ssh("-R", "/tmp/s:127.0.0.1:22", "me@127.0.0.1", "exit 0").err())
        .contains("nothing is forwarded back: " + Forwarding.WHY);
  }

  @Test
  void noAgentIsForwarded() throws Exception {
    Process process =
        ssh.start(
            List.of(
                "sh",
                "-c",
                "eval $(ssh-agent -s) >/dev/null; %s; code=$?; kill $SSH_AGENT_PID; exit $code"
                    .formatted(
                        String.join(" ", ssh.command("-A", "me@127.0.0.1", "exit", "0"))
                            .replace("-o IdentityAgent=none", ""))));

    assertThat(ssh.finish(process).err())
        .contains("your agent is not forwarded: " + Forwarding.WHY);
  }

  @Test
  void thereAreNoPasswordsAndNoQuestions() throws Exception {
    Ssh.Result result =
        ssh.ssh(
            "-v",
            "-o",
            "LogLevel=DEBUG1",
            "-o",
            "PreferredAuthentications=password,keyboard-interactive,hostbased",
            "me@127.0.0.1",
            "exit 0");

    assertThat(result.code()).isEqualTo(255);
    assertThat(result.err())
        .contains("Authentications that can continue: publickey\r\n")
        .contains("Permission denied (publickey)");
  }

  @Test
  void oldAlgorithmsAreNotSpoken() throws Exception {
    for (String option :
        List.of(
            "KexAlgorithms=diffie-hellman-group14-sha256",
            "KexAlgorithms=diffie-hellman-group14-sha1",
            "Ciphers=aes128-cbc",
            "HostKeyAlgorithms=ssh-rsa")) {
      Ssh.Result result = ssh.ssh("-o", option, "me@127.0.0.1", "exit 0");
      assertThat(result.code()).as(option).isEqualTo(255);
    }
    ssh.close();
    ssh = new Ssh(home, Map.of("ciphers", "aes128-ctr"));
    for (String mac : List.of("hmac-sha2-256,hmac-sha1", "hmac-sha2-512-etm@openssh.com")) {
      Ssh.Result result =
          ssh.ssh("-o", "Ciphers=aes128-ctr", "-o", "MACs=" + mac, "me@127.0.0.1", "exit 0");
      assertThat(result.code()).as(mac).isEqualTo(mac.contains("etm") ? 0 : 255);
    }
  }

  @Test
  void everyModernAlgorithmIsSpokenAndTheKeyExchangeIsStrict() throws Exception {
    for (String option :
        List.of(
            "KexAlgorithms=sntrup761x25519-sha512@openssh.com",
            "KexAlgorithms=curve25519-sha256",
            "KexAlgorithms=ecdh-sha2-nistp256",
            "Ciphers=aes128-gcm@openssh.com",
            "Ciphers=aes256-gcm@openssh.com")) {
      assertThat(ssh.ssh("-o", option, "me@127.0.0.1", "exit 0").code()).as(option).isZero();
    }
    Ssh.Result told = ssh.ssh("-vvv", "-o", "LogLevel=DEBUG3", "me@127.0.0.1", "exit 0");

    assertThat(told.err())
        .contains("kex-strict-s-v00@openssh.com")
        .contains("kex: algorithm: sntrup761x25519-sha512")
        .contains("will use strict KEX ordering");
  }

  @Test
  void otherCiphersAreSpokenWhereTheyAreConfigured() throws Exception {
    String others = "chacha20-poly1305@openssh.com,aes256-ctr";
    assertThat(ssh.ssh("-c", others, "me@127.0.0.1", "exit 0").code()).isEqualTo(255);
    ssh.close();
    ssh = new Ssh(home, Map.of("ciphers", others));
    for (String cipher : others.split(",")) {
      assertThat(ssh.ssh("-c", cipher, "me@127.0.0.1", "exit 0").code()).as(cipher).isZero();
    }
  }

  @Test
  void whatIsNoSshIsHungUpOn() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", ssh.door.address().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write("GET / HTTP/1.1\r\nHost: w2\r\n\r\n".repeat(2000).getBytes(StandardCharsets.UTF_8));
      out.flush();
      InputStream in = socket.getInputStream();
      assertThat(new String(in.readNBytes(16), StandardCharsets.UTF_8))
          .isEqualTo("SSH-2.0-Lifeline");
      in.transferTo(OutputStream.nullOutputStream());
    } catch (SocketException e) {
      assertThat(e).hasMessageMatching("Connection reset|Broken pipe.*");
    }
  }

  /** With what the client says by default. */
  private List<String> loud(String... arguments) {
    return ssh.command(arguments).stream()
        .map(word -> word.equals("LogLevel=ERROR") ? "LogLevel=INFO" : word)
        .toList();
  }

  private static int freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }
}

package io.lifeline.ssh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.security.api.ClusterTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who comes in and who does not, by keys and certificates that the real ssh-keygen made. */
class AdmissionTest {

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

  private void reopen(Map<String, String> settings) throws Exception {
    ssh.close();
    ssh = new Ssh(home, settings);
  }

  private Ssh.Result with(String key, String login) throws Exception {
    return ssh.run(ssh.withKey(key, "ssh", login + "@127.0.0.1", "exit 0"));
  }

  private void comesIn(String key, String login) throws Exception {
    assertThat(with(key, login)).isEqualTo(new Ssh.Result(0, "", ""));
  }

  /** The same words for everybody, and nothing is opened. */
  private void isRefused(String key, String login) throws Exception {
    int before = ssh.container.processes.size();
    assertThat(with(key, login))
        .isEqualTo(
            new Ssh.Result(255, "", login + "@127.0.0.1: Permission denied (publickey).\r\n"));
    assertThat(ssh.container.processes).hasSize(before);
  }

  private void authorize(String options, String key) throws Exception {
    Files.writeString(
        home.resolve("authorized_keys"),
        options + " " + Files.readString(home.resolve(key + ".pub")),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING);
  }

  private void certify(String key, String... options) throws Exception {
    if (!Files.exists(home.resolve(key))) {
      ssh.keygen("-t", "ed25519", "-f", key, "-C", key);
    }
    List<String> arguments = new ArrayList<>(List.of("-s", "ca", "-I", "alice@example"));
    arguments.addAll(Arrays.asList(options));
    arguments.add(key + ".pub");
    ssh.keygen(arguments.toArray(String[]::new));
  }

  @Test
  void everyModernKindOfKeyComesIn() throws Exception {
    for (String[] kind :
        new String[][] {
          {"ed25519", "256"}, {"ecdsa", "256"}, {"ecdsa", "384"}, {"ecdsa", "521"}, {"rsa", "3072"}
        }) {
      String key = kind[0] + kind[1];
      ssh.keygen("-t", kind[0], "-b", kind[1], "-f", key, "-C", key);
      isRefused(key, "me");
      authorize("", key);
      comesIn(key, "me");
    }
  }

  @Test
  void aStrangersKeyAndAStrangersNameAreAnsweredAlike() throws Exception {
    reopen(Map.of("users", "me,root"));
    ssh.keygen("-t", "ed25519", "-f", "stranger", "-C", "stranger");

    comesIn("me", "root");
    isRefused("me", "admin");
    isRefused("stranger", "root");
    isRefused("stranger", "admin");
  }

  @Test
  void weakKeysAreRefused() throws Exception {
    ssh.keygen("-t", "rsa", "-b", "1024", "-f", "weak", "-C", "weak");
    authorize("", "weak");

    isRefused("weak", "me");
  }

  @Test
  void aRemovedKeyIsRefusedAtOnceAndSoIsEverybodyWhenTheFileGoes() throws Exception {
    comesIn("me", "me");
    Files.writeString(home.resolve("authorized_keys"), "# nobody\n");
    isRefused("me", "me");
    authorize("", "me");
    comesIn("me", "me");
    Files.delete(home.resolve("authorized_keys"));
    isRefused("me", "me");
  }

  @Test
  void theOptionsOfALineAreHonoured() throws Exception {
    authorize("from=\"127.0.0.0/8\",restrict", "me");
    comesIn("me", "me");
    assertThat(ssh.ssh("-tt", "me@127.0.0.1", "exit 0").err())
        .contains("PTY allocation request failed");
    // The client does not wait for what it has asked for.
    Ssh.await(() -> ssh.door.connections() == 0);
    authorize("from=\"10.0.0.0/8\"", "me");
    isRefused("me", "me");
    authorize("expiry-time=\"20200101Z\"", "me");
    isRefused("me", "me");
    authorize("expiry-time=\"20990101Z\"", "me");
    comesIn("me", "me");
    authorize("command=\"exit 7\"", "me");
    assertThat(with("me", "me").code()).isEqualTo(7);
    assertThat(ssh.ssh("me@127.0.0.1").code()).isEqualTo(7);
  }

  @Test
  void aLineWithAnUnknownOptionIsNoLine() throws Exception {
    for (String option :
        List.of("cert-authority", "tunnel=\"0\"", "environment=\"A=B\"", "from=\"*.example\"")) {
      authorize(option, "me");
      isRefused("me", "me");
    }
  }

  @Test
  void aCertificateOfTheTrustedAuthorityComesIn() throws Exception {
    certify("alice", "-n", "alice,sre", "-V", "-1m:+5m", "-z", "17");

    comesIn("alice", "alice");
    Person person = ssh.container.last().person;
    assertThat(person.identity().name()).isEqualTo("alice (certificate \"alice@example\")");
    assertThat(person.proof()).contains("serial 17").contains("SHA256:");
    comesIn("alice", "sre");
  }

  @Test
  void aCertificateOfAnotherNameIsRefused() throws Exception {
    certify("alice", "-n", "alice");
    isRefused("alice", "root");
    certify("bob");
    isRefused("bob", "bob");
  }

  @Test
  void aCertificateMustNameAConfiguredPrincipal() throws Exception {
    reopen(Map.of("principals", "sre,oncall"));
    certify("alice", "-n", "alice,oncall");
    comesIn("alice", "whoever");
    certify("bob", "-n", "bob");
    isRefused("bob", "bob");
  }

  @Test
  void anExpiredCertificateAndOneOfTomorrowAreRefused() throws Exception {
    certify("alice", "-n", "alice", "-V", "-10m:-5m");
    isRefused("alice", "alice");
    certify("alice", "-n", "alice", "-V", "+5m:+10m");
    isRefused("alice", "alice");
  }

  @Test
  void whatTimeItIsSaysTheApiServerOnceItHasSpoken() throws Exception {
    certify("alice", "-n", "alice", "-V", "-10m:-5m");
    isRefused("alice", "alice");

    ssh.today = new Today(new Told(Instant.now().minus(Duration.ofMinutes(7))));
    comesIn("alice", "alice");

    ssh.today = new Today(new Told(Instant.now().plus(Duration.ofDays(400))));
    certify("alice", "-n", "alice", "-V", "-1m:+5m");
    isRefused("alice", "alice");
  }

  /** What an API server has told. */
  private record Told(Instant instant) implements ClusterTime {

    @Override
    public boolean heard() {
      return true;
    }

    @Override
    public Instant machine() {
      return Instant.now();
    }
  }

  @Test
  void aHostsCertificateIsNoUsers() throws Exception {
    certify("alice", "-h", "-n", "alice");
    isRefused("alice", "alice");
  }

  @Test
  void aCertificateOfAStrangersAuthorityIsRefused() throws Exception {
    certify("alice", "-n", "alice");
    comesIn("alice", "alice");
    ssh.keygen("-t", "ed25519", "-f", "other", "-C", "other");
    Files.copy(
        home.resolve("other.pub"), home.resolve("ca.pub"), StandardCopyOption.REPLACE_EXISTING);
    isRefused("alice", "alice");
  }

  @Test
  void theCriticalOptionsOfACertificateAreHonoured() throws Exception {
    certify("alice", "-n", "alice", "-O", "source-address=127.0.0.0/8,10.0.0.0/8");
    comesIn("alice", "alice");
    certify("alice", "-n", "alice", "-O", "source-address=10.0.0.0/8");
    isRefused("alice", "alice");
    certify("alice", "-n", "alice", "-O", "force-command=exit 9");
    assertThat(with("alice", "alice").code()).isEqualTo(9);
  }

  @Test
  void whatIsCriticalAndNotKnownRefusesACertificate() throws Exception {
    certify("alice", "-n", "alice", "-O", "critical:weather@example=fine");
    isRefused("alice", "alice");
    certify("alice", "-n", "alice", "-O", "verify-required");
    isRefused("alice", "alice");
  }

  @Test
  void aCertificateWithoutATerminalGetsNone() throws Exception {
    certify("alice", "-n", "alice", "-O", "clear");
    assertThat(ssh.run(ssh.withKey("alice", "ssh", "-tt", "alice@127.0.0.1", "exit 0")).err())
        .contains("PTY allocation request failed");
  }

  @Test
  void withTheApiServerUnreachableOnlyCertificatesAreTaken() throws Exception {
    certify("alice", "-n", "alice");
    ssh.certificatesOnly = true;

    isRefused("me", "me");
    comesIn("alice", "alice");
  }

  @Test
  void anAuthorityWithAnRsaKeySignsWithModernHashesOnly() throws Exception {
    ssh.keygen("-t", "rsa", "-b", "3072", "-f", "rsaca", "-C", "rsaca");
    Files.copy(
        home.resolve("rsaca.pub"), home.resolve("ca.pub"), StandardCopyOption.REPLACE_EXISTING);
    ssh.keygen("-t", "ed25519", "-f", "alice", "-C", "alice");
    ssh.keygen("-s", "rsaca", "-t", "rsa-sha2-512", "-I", "a", "-n", "alice", "alice.pub");
    comesIn("alice", "alice");
    ssh.keygen("-s", "rsaca", "-t", "ssh-rsa", "-I", "a", "-n", "alice", "alice.pub");
    isRefused("alice", "alice");
  }
}

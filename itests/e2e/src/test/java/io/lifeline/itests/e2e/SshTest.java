package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lifeline.itests.testkit.Asciicast;
import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.OpenSsh;
import io.lifeline.itests.testkit.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The second door, by OpenSSH's own client: keys and an authority of the Secret lifeline-ssh. */
@Order(3)
@SharedRescue
@ExtendWith(OnCluster.class)
class SshTest {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Pattern ID = Pattern.compile("This session is ([a-z]+-[0-9]+);");

  private static final String SINK = "/var/tmp/lifeline-kept";

  @TempDir static Path folder;
  private static OpenSsh ssh;
  private static Path alice;
  private static Path certified;
  private static Path stranger;
  private static Path expired;

  @BeforeAll
  static void agentsKnowAKeyAndAnAuthority(Cluster cluster, Installation installation) {
    ssh = new OpenSsh(folder, cluster.address(cluster.worker()), 2222);
    alice = ssh.key("alice", "alice@laptop");
    certified = ssh.key("certified", "bob@laptop");
    stranger = ssh.key("stranger", "eve@elsewhere");
    expired = ssh.key("expired", "bob@laptop");
    Path authority = ssh.key("authority", "authority");
    ssh.certify(authority, certified, "bob", "-V", "+1h");
    ssh.certify(authority, expired, "bob", "-V", "-2h:-1h");
    // A disk of its own, which can hang without anybody else.
    onWorker(
        cluster,
        "truncate -s 16M %1$s.img && mkfs.ext4 -q %1$s.img && mkdir -p %1$s && mount -o loop %1$s.img %1$s"
            .formatted(SINK));
    installation.sshKeys(
        ssh.publicKey(alice),
        ssh.publicKey(authority),
        Map.of(
            "LIFELINE_SSH_SERVER_OFFLINE", "true",
            "LIFELINE_SSH_SERVER_OFFLINE_AFTER", "3s",
            "LIFELINE_SSH_SERVER_KEEPALIVE", "1s",
            "LIFELINE_SESSION_ENGINE_RECORD_SINK", "/proc/1/root" + SINK));
  }

  private static String onWorker(Cluster cluster, String line) {
    Command.Outcome outcome = cluster.onWorker(line).orElseThrow();
    assertThat(outcome.succeeded()).as(outcome.toString()).isTrue();
    return outcome.out();
  }

  @AfterAll
  static void withoutThem(Cluster cluster, Installation installation) {
    OnCluster.startOver(cluster);
    installation.withoutSsh(Map.of("LIFELINE_SESSION_ENGINE_RECORD_SINK", ""));
    onWorker(cluster, "umount %1$s; rm -rf %1$s %1$s.img".formatted(SINK));
  }

  private static void isShut() {
    Command.Outcome outcome = ssh.run(alice, "alice", "true");
    assertThat(outcome.exit()).isEqualTo(255);
    assertThat(outcome.err()).contains("Connection refused");
  }

  /** A shell whose prompt is there, and its session's id. */
  private static String shell(Terminal terminal) {
    Matcher id = ID.matcher(terminal.expect(ID, SOON));
    assertThat(id.find()).isTrue();
    terminal.type("echo prompt-$((40 + 2))");
    terminal.expect("prompt-42", SOON);
    return id.group(1);
  }

  @Test
  @Order(1)
  void theDoorIsShutWhileNobodyIsRescued(Rescue rescue) {
    isShut();
    rescue.reachBackupNode(Cluster.Fault.KUBELET);
    Command.Outcome early = ssh.run(alice, "alice", "true");
    assertThat(early.exit()).isEqualTo(255);
    assertThat(early.err()).contains("no debug pod runs on", "kubectl apply -f debug-pod.yaml");
    rescue.createPod();
  }

  @Test
  @Order(2)
  void theNodeDebugTellsTheHostKeysFingerprint(Rescue rescue, Kubectl kubectl) {
    String told =
        Await.value(
            "the NodeDebug's status has the host key",
            SOON,
            () -> kubectl.field(rescue.nodeDebug(), "{.status.sshHostKey}"));
    String seen =
        Command.shell(
                "ssh-keyscan -p %d %s 2>/dev/null | ssh-keygen -lf -"
                    .formatted(ssh.port(), ssh.host()))
            .output();
    assertThat(seen).contains(told + " ", "(ED25519)");
    assertThat(kubectl.out("describe", rescue.nodeDebug())).contains(told);
  }

  @Test
  @Order(2)
  void aKeyOpensAShellOnTheWorkerAndItsWindowFollows(Cluster cluster) {
    try (Terminal terminal = ssh.terminal(alice, "alice")) {
      shell(terminal);
      terminal.type("stty size; echo $TERM-$((40 + 1))");
      terminal.expect("30 110", SOON);
      terminal.expect("xterm-41", SOON);
      terminal.resize(new Terminal.Size(24, 80));
      terminal.type("stty size");
      terminal.expect("24 80", SOON);
      terminal.type("chroot /host cat /etc/hostname");
      terminal.expect(cluster.worker(), SOON);
      terminal.type("exit 3");
      assertThat(terminal.exit(SOON)).isEqualTo(3);
    }
  }

  @Test
  @Order(3)
  void aCommandHasItsInputItsOutputsAndItsStatus() {
    List<String> words = ssh.words("ssh", alice, "alice@" + ssh.host());
    words.add("cat; echo complaint >&2; exit 42");
    Command.Outcome outcome = Command.of(words).run("from here\n");
    assertThat(outcome.exit()).isEqualTo(42);
    assertThat(outcome.out()).isEqualTo("from here\n");
    assertThat(outcome.err()).contains("complaint");
  }

  @Test
  @Order(4)
  void aShellOfKubectlIsJoinedAndEverybodyIsNamedByHisKey(Kubectl kubectl) {
    try (Terminal first = Terminal.open(kubectl.words("exec", "-it", "debug-pod", "--", "bash"))) {
      String id = shell(first);
      try (Terminal second = ssh.terminal(certified, "bob", "join", id)) {
        second.expect("prompt-42", SOON);
        second.type("echo both-$((40 + 3))");
        first.expect("both-43", SOON);
        try (Terminal third = ssh.terminal(alice, "alice")) {
          shell(third);
          String sessions = kubectl.out("exec", "debug-pod", "--", "lifeline", "sessions");
          assertThat(sessions).contains(id, "kubelet", "ssh");
        }
        second.send("\u001d");
        assertThat(second.exit(SOON)).isZero();
      }
    }
    String audit = kubectl.out("exec", "debug-pod", "--", "cat", "/host/run/lifeline/audit.jsonl");
    assertThat(audit).contains("alice@laptop (SHA256:", "bob (certificate \\\"bob@example\\\")");
  }

  @Test
  @Order(5)
  void strangersAndOtherNamesStayOutside() {
    assertThat(ssh.run(stranger, "alice", "true").err()).contains("Permission denied (publickey)");
    assertThat(ssh.run(certified, "alice", "true").err()).contains("Permission denied (publickey)");
    assertThat(ssh.run(expired, "bob", "true").err()).contains("Permission denied (publickey)");
    List<String> old = ssh.words("ssh", alice, "-o", "KexAlgorithms=diffie-hellman-group14-sha1");
    old.addAll(List.of("alice@" + ssh.host(), "true"));
    assertThat(Command.of(old).run().err()).contains("no matching key exchange method");
    List<String> password = ssh.words("ssh", stranger, "-o", "PubkeyAuthentication=no");
    password.addAll(List.of("alice@" + ssh.host(), "true"));
    assertThat(Command.of(password).run().err()).contains("Permission denied (publickey)");
  }

  @Test
  @Order(6)
  void nothingIsCopiedOrForwardedAndWhoAsksReadsWhy() {
    String there = "alice@" + ssh.host() + ":/tmp/x";
    for (String way : List.of("-O", "-s")) {
      List<String> copy = ssh.words("scp", alice, way, folder.resolve("alice.pub").toString());
      copy.add(there);
      Command.Outcome outcome = Command.of(copy).run();
      assertThat(outcome.exit()).as("scp " + way).isNotZero();
      assertThat(outcome.err()).contains("files are not copied through this door", "kubectl cp");
    }
    List<String> sftp = ssh.words("sftp", alice, "-b", "-", "alice@" + ssh.host());
    assertThat(Command.of(sftp).run("ls\n").err()).contains("files are not copied");
    List<String> forward = ssh.words("ssh", alice, "-W", "127.0.0.1:22", "alice@" + ssh.host());
    Command.Outcome forwarded = Command.of(forward).run();
    assertThat(forwarded.exit()).isNotZero();
    assertThat(forwarded.err()).contains("forwards nothing", "kubectl port-forward");
  }

  /** The shell goes on while nobody hears it, and who joins again has missed nothing. */
  @Test
  @Order(6)
  void aLinkThatGoesDownTakesNothingAlong(Cluster cluster) {
    assumeTrue(cluster.canBreak(Cluster.Fault.LINK) && cluster.canMend(Cluster.Fault.LINK));
    String id;
    try (Terminal lost = ssh.terminal(alice, "alice")) {
      id = shell(lost);
      lost.type("for i in {101..140}; do echo tick-$i; sleep 0.2; done; echo last-$((1 + 1))");
      lost.expect("tick-103", SOON);
      cluster.breakWorker(Cluster.Fault.LINK);
      try {
        Await.until(
            "the agent has noticed that nobody answers",
            SOON,
            () -> audit(cluster).matches("(?s).*\"event\":\"detach\"[^\n]*" + id + ".*"));
      } finally {
        cluster.mend(Cluster.Fault.LINK);
      }
    }
    try (Terminal again = ssh.terminal(alice, "alice", "join", id)) {
      String shown = again.expect("last-2", SOON);
      for (int i = 101; i <= 140; i++) {
        assertThat(shown).contains("tick-" + i);
      }
      again.type("exit 0");
      assertThat(again.exit(SOON)).isZero();
    }
  }

  @Test
  @Order(6)
  void aRecordingIsCopiedAndADiskThatHangsHoldsNobodyUp(Cluster cluster) {
    try (Terminal terminal = ssh.terminal(alice, "alice")) {
      String id = shell(terminal);
      String kept = "cat %s/%s/*-%s.cast".formatted(SINK, cluster.worker(), id);
      Await.until(
          "what was said is on the disk",
          SOON,
          () -> cluster.onWorker(kept).orElseThrow().out().contains("prompt-42"));
      onWorker(cluster, "fsfreeze -f " + SINK);
      try {
        terminal.type("seq 100000 100999; echo all-$((1 + 1))");
        terminal.expect("all-2", SOON);
        terminal.expect("IS NOT COPIED TO", Duration.ofSeconds(25));
        terminal.type("echo on-$((1 + 1))");
        terminal.expect("on-2", SOON);
      } finally {
        onWorker(cluster, "fsfreeze -u " + SINK);
      }
      terminal.expect("are copied to", SOON);
      terminal.type("exit 0");
      assertThat(terminal.exit(SOON)).isZero();
      Await.until(
          "the copy is whole",
          SOON,
          () ->
              onWorker(cluster, kept)
                  .equals(onWorker(cluster, "cat /run/lifeline/recordings/%s.cast".formatted(id))));
      assertThat(Asciicast.of(onWorker(cluster, kept)).output()).contains("100000", "on-2");
      assertThat(onWorker(cluster, "cat %s/*/*-audit.jsonl".formatted(SINK)))
          .contains(id, "alice@laptop", "not copied: ", "copied again");
    }
  }

  private static String audit(Cluster cluster) {
    return cluster.onWorker("cat /run/lifeline/audit.jsonl").orElseThrow().out();
  }

  @Test
  @Order(7)
  void theEndIsToldAndTheDoorIsShutAgain(Rescue rescue) {
    try (Terminal terminal = ssh.terminal(alice, "alice")) {
      shell(terminal);
      rescue.enterWorker(terminal);
      rescue.heal(terminal);
      rescue.awaitReadyAgain(List.of(terminal));
    }
    Await.until("the door is shut", SOON, () -> ssh.run(alice, "alice", "true").exit() == 255);
    rescue.awaitNothingLeft();
    rescue.withdraw();
    isShut();
  }

  @Test
  @Order(8)
  void withTheApiServerGoneACertificateIsEnough(Cluster cluster, Rescue rescue) {
    assumeTrue(cluster.canBreak(Cluster.Fault.API) && cluster.canMend(Cluster.Fault.API));
    cluster.breakWorker(Cluster.Fault.API);
    try {
      Await.until(
          "the agent has opened the door by itself",
          SOON,
          () -> ssh.run(certified, "bob", "sessions").exit() == 0);
      assertThat(ssh.run(alice, "alice", "true").err())
          .as("a key of authorized_keys")
          .contains("Permission denied (publickey)");
      try (Terminal terminal = ssh.terminal(certified, "bob")) {
        terminal.expect("the API server has not answered " + cluster.worker(), SOON);
        terminal.expect("without a pod", SOON);
        String id = shell(terminal);
        rescue.enterWorker(terminal);
        try (Terminal second = ssh.terminal(certified, "bob", "join", id)) {
          second.expect("-43", SOON);
        }
        cluster.mend(Cluster.Fault.API);
        rescue.awaitEnd(
            "answers again and %s is Ready".formatted(cluster.worker()), SOON, List.of(terminal));
      }
    } finally {
      cluster.mend(Cluster.Fault.API);
    }
    Await.until("the door is shut", SOON, () -> ssh.run(certified, "bob", "true").exit() == 255);
    rescue.awaitNothingLeft();
  }
}

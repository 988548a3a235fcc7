package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lifeline.itests.testkit.Asciicast;
import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several people in one debug pod, and connections that break. */
@Order(2)
@SharedRescue
@ExtendWith(OnCluster.class)
class PeopleTest {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Terminal.Size LARGE = new Terminal.Size(30, 110);
  private static final Terminal.Size SMALL = new Terminal.Size(24, 80);
  private static final Pattern ID = Pattern.compile("This session is ([a-z]+-[0-9]+);");
  private static final String LEAVE = "\u001d";

  @BeforeAll
  static void aDebugPodRuns(Rescue rescue) {
    rescue.reachBackupNode(Cluster.Fault.KUBELET);
    rescue.createPod();
  }

  @AfterAll
  static void theWorkerIsMended(Cluster cluster, Rescue rescue) {
    cluster.mendWorker();
    rescue.awaitNothingLeft();
    rescue.withdraw();
  }

  private static Terminal at(Kubectl kubectl, Terminal.Size size, String... command) {
    List<String> words = new ArrayList<>(List.of("exec", "-it", "debug-pod", "--"));
    words.addAll(Arrays.asList(command));
    return Terminal.open(kubectl.words(words.toArray(String[]::new)), size);
  }

  /** A shell whose prompt is there, and its session's id. */
  private static String shell(Terminal terminal) {
    Matcher id = ID.matcher(terminal.expect(ID, SOON));
    assertThat(id.find()).isTrue();
    terminal.type("echo prompt-$((40 + 2))");
    terminal.expect("prompt-42", SOON);
    return id.group(1);
  }

  private static Command.Outcome lifeline(Kubectl kubectl, String... words) {
    List<String> all = new ArrayList<>(List.of("exec", "debug-pod", "--", "lifeline"));
    all.addAll(Arrays.asList(words));
    return kubectl.run(all.toArray(String[]::new));
  }

  @Test
  @Order(1)
  void twoShareAScreenAThirdWatchesAndTheSmallestWindowRules(Cluster cluster, Kubectl kubectl) {
    try (Terminal first = at(kubectl, LARGE, "bash");
        Terminal third = at(kubectl, LARGE, "bash")) {
      String id = shell(first);
      shell(third);
      try (Terminal second = at(cluster.otherKubectl(), SMALL, "lifeline", "join", id)) {
        second.expect("prompt-42", SOON);
        second.type("stty size");
        first.expect("24 80", SOON);
        second.expect("24 80", SOON);

        third.type("chroot /host");
        third.type("lifeline watch " + id);
        third.expect("24 80", SOON);
        third.type("echo nobody-$((40 + 3))");
        first.type("echo seen-$((40 + 4))");
        third.expect("seen-44", SOON);
        second.expect("seen-44", SOON);
        assertThat(first.screen()).doesNotContain("nobody");

        third.send(LEAVE);
        third.expect("[left " + id + "]", SOON);
        third.type("echo own-$((40 + 5))");
        third.expect("own-45", SOON);
        assertThat(first.screen()).doesNotContain("own-");

        second.send(LEAVE);
        assertThat(second.exit(SOON)).as("leaving is no failure").isZero();
      }
      first.type("stty size");
      first.expect("30 110", SOON);
      first.type("exit");
      assertThat(first.exit(SOON)).isZero();
    }
  }

  @Test
  @Order(2)
  void aConnectionThatBreaksTakesNothingAlong(Cluster cluster, Kubectl kubectl) {
    String id;
    try (Terminal lost = at(kubectl, LARGE, "bash")) {
      id = shell(lost);
      lost.type("for i in 1 2 3 4 5 6 7 8 9; do sleep 0.5; echo tick-$((i + 100)); done");
      lost.expect("tick-102", SOON);
    }
    Await.until(
        "the shell waits to be joined again",
        SOON,
        () -> lifeline(kubectl, "sessions").out().matches("(?s).*" + id + " .* detached .*"));
    try (Terminal again = at(cluster.otherKubectl(), LARGE, "lifeline", "join", id)) {
      String shown = again.expect("tick-109", SOON);
      assertThat(shown).contains("tick-101", "tick-103", "tick-105", "tick-107");
      again.type("exit 7");
      assertThat(again.exit(SOON)).as("the shell's own end").isNotZero();
    }
    assertThat(lifeline(kubectl, "sessions").out()).doesNotContain(id);
  }

  /** The shell goes on while nobody hears it, and who joins again has missed nothing. */
  @Test
  @Order(2)
  void aLinkThatGoesDownTakesNothingAlong(Cluster cluster, Kubectl kubectl) {
    assumeTrue(cluster.canBreak(Cluster.Fault.LINK) && cluster.canMend(Cluster.Fault.LINK));
    String id;
    try (Terminal lost = at(kubectl, LARGE, "bash")) {
      id = shell(lost);
      lost.type("for i in {101..140}; do echo tick-$i; sleep 0.2; done; echo last-$((1 + 1))");
      lost.expect("tick-103", SOON);
      cluster.breakWorker(Cluster.Fault.LINK);
      try {
        Await.until(
            "the shell has gone on without anybody",
            SOON,
            () -> onWorker(cluster, "recordings/" + id + ".cast").contains("tick-118"));
        assertThat(lost.screen()).doesNotContain("tick-118");
        // The person gives up.
        lost.close();
      } finally {
        cluster.mend(Cluster.Fault.LINK);
      }
    }
    Await.until(
        "the agent has heard that he has gone",
        SOON,
        () ->
            onWorker(cluster, "audit.jsonl")
                .matches("(?s).*\"event\":\"detach\"[^\n]*" + id + ".*"));
    try (Terminal again = at(cluster.otherKubectl(), LARGE, "lifeline", "join", id)) {
      String shown = again.expect("last-2", SOON);
      for (int i = 101; i <= 140; i++) {
        assertThat(shown).contains("tick-" + i);
      }
      again.type("exit 0");
      assertThat(again.exit(SOON)).isZero();
    }
  }

  private static String onWorker(Cluster cluster, String file) {
    return cluster.onWorker("cat /run/lifeline/" + file).orElseThrow().out();
  }

  @Test
  @Order(3)
  void aLineForEverybodySparesAFullScreen(Kubectl kubectl) {
    try (Terminal plain = at(kubectl, LARGE, "bash");
        Terminal full = at(kubectl, LARGE, "bash")) {
      shell(plain);
      shell(full);
      full.type("printf '\\033[?1049h'; read -r; printf '\\033[?1049l'; echo after-$((1 + 1))");
      full.expect("\u001b[?1049h", SOON);
      plain.type("lifeline say the disk is back");
      plain.expect("the disk is back ***", SOON);
      full.expect("\u001b7\u001b[?6l\u001b[30;1H", SOON);
      full.expect("the disk is back ***\u001b[0m\u001b[K\u001b8", SOON);
      full.send("\r");
      full.expect("after-2", SOON);
    }
  }

  @Test
  @Order(4)
  void aRecordingIsWhatTheTerminalGot(Kubectl kubectl) {
    try (Terminal terminal = at(kubectl, LARGE, "bash")) {
      String id = shell(terminal);
      terminal.type(
          "printf 'caf\\303\\251 \\033[31mred\\033[0m \"quoted\" \\\\\\n'; ls -l /host/etc");
      terminal.expect("red", SOON);
      terminal.type("exit 0");
      assertThat(terminal.exit(SOON)).isZero();
      String file = "/run/lifeline/recordings/" + id + ".cast";
      Asciicast cast = Asciicast.of(kubectl.out("exec", "debug-pod", "--", "cat", file));
      assertThat(cast.header())
          .startsWith("{\"version\":2,\"width\":110,\"height\":30,")
          .contains(id);
      assertThat(cast.output()).isEqualTo(terminal.raw());
    }
  }

  @Test
  @Order(5)
  void whatCannotBeIsSaidSo(Kubectl kubectl) {
    Command.Outcome unknown =
        kubectl.run("exec", "-t", "debug-pod", "--", "lifeline", "watch", "x");
    assertThat(unknown.succeeded()).isFalse();
    assertThat(unknown.text()).contains("there is no session 'x'");
    assertThat(lifeline(kubectl, "join", "x").text()).contains("a terminal is needed");
    assertThat(lifeline(kubectl, "dance").text()).contains("lifeline join ID");
    assertThat(lifeline(kubectl, "end", "x").text()).contains("there is no session 'x'");
    try (Terminal terminal = at(kubectl, LARGE, "bash")) {
      String id = shell(terminal);
      terminal.type("lifeline join " + id + "; echo code-$?");
      terminal.expect("this is " + id, SOON);
      terminal.expect("code-1", SOON);
      assertThat(lifeline(kubectl, "end", id).succeeded()).isTrue();
      terminal.expect("this session is ended by", SOON);
      assertThat(terminal.exit(SOON)).isNotZero();
    }
  }
}

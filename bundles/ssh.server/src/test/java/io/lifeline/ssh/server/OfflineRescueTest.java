package io.lifeline.ssh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.node.api.ApiServer.Reach;
import io.lifeline.node.api.WorkerHealth;
import io.lifeline.node.api.WorkerHealth.Verdict;
import io.lifeline.node.api.WorkerMonitor;
import io.lifeline.session.api.ContainerRuntime;
import io.lifeline.session.api.SessionEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OfflineRescueTest {

  private static final Person CERTIFIED = Person.of("alice", "certificate", true, anything());
  private static final Person BY_KEY = Person.of("bob", "key", false, anything());

  private final FakeRuntime runtime = new FakeRuntime();
  private final FakeEngine engine = new FakeEngine();
  private final List<String> door = new ArrayList<>();
  private volatile Verdict verdict = Verdict.READY;
  private OfflineRescue offline;
  private long now = System.nanoTime();

  private static Restrictions anything() {
    return new Restrictions(Optional.empty(), List.of(), true);
  }

  @BeforeEach
  void make() {
    Seam<ContainerRuntime> containers = Seam.of(ContainerRuntime.class, "x");
    containers.bind(runtime);
    Seam<SessionEngine> sessions = Seam.of(SessionEngine.class, "x");
    sessions.bind(engine);
    Seam<WorkerMonitor> monitor = Seam.of(WorkerMonitor.class, "x");
    monitor.bind(() -> new WorkerHealth(verdict, "", List.of()));
    offline =
        new OfflineRescue(
            new SshSettings.Offline(true, Duration.ofSeconds(60), Duration.ofMinutes(10)),
            "w2",
            new OfflineRescue.Sources(
                Seam.of(io.lifeline.node.api.ApiServer.class, "x"), monitor, sessions),
            new OfflineContainer(containers, "w2-debug"),
            new OfflineRescue.Door() {
              @Override
              public void open() {
                door.add("open");
              }

              @Override
              public void close() {
                door.add("close");
              }
            });
  }

  /** One answer after the other, ten seconds apart. */
  private void heard(Reach reach, int times) {
    for (int i = 0; i < times; i++) {
      now += Duration.ofSeconds(10).toNanos();
      offline.look(reach, now);
    }
  }

  @Test
  void aMinuteOfSilenceOpensTheDoorForCertificatesAlone() throws Exception {
    heard(Reach.ANSWERS, 3);
    heard(Reach.SILENT, 6);
    assertThat(door).isEmpty();
    assertThat(offline.admits(CERTIFIED)).isFalse();

    heard(Reach.SILENT, 1);

    assertThat(door).containsExactly("open");
    assertThat(offline.certificatesOnly()).isTrue();
    assertThat(offline.admits(CERTIFIED)).isTrue();
    assertThat(offline.admits(BY_KEY)).isFalse();
    assertThat(engine.said)
        .containsExactly("admit", "endsAt this shell on w2 without the API server");
    assertThat(offline.container().id()).isEqualTo("lifeline-offline");
    assertThat(offline.container()).isSameAs(offline.container());
    assertThat(runtime.made).isEqualTo(1);
    assertThat(offline.why())
        .contains("has not answered w2 for", "offline = true", "without a pod");
  }

  @Test
  void anAnswerInBetweenBeginsTheMinuteAnewAndNotKnowingIsNoSilence() {
    heard(Reach.SILENT, 6);
    heard(Reach.ANSWERS, 1);
    heard(Reach.SILENT, 6);
    assertThat(door).isEmpty();
    heard(Reach.ANSWERS, 1);
    heard(Reach.UNKNOWN, 20);
    assertThat(door).isEmpty();
  }

  @Test
  void itEndsGentlyWhenTheServerIsBackAndTheWorkerReady() throws Exception {
    heard(Reach.SILENT, 7);
    offline.container();
    verdict = Verdict.NOT_READY;
    heard(Reach.ANSWERS, 5);
    assertThat(offline.isOpen()).isTrue();
    assertThat(offline.admits(CERTIFIED)).as("a way through the cluster is there again").isFalse();
    assertThat(runtime.there).isPresent();

    verdict = Verdict.READY;
    heard(Reach.ANSWERS, 1);

    assertThat(engine.said.get(2)).isEqualTo("gently the API server answers again and w2 is Ready");
    assertThat(runtime.there).isEmpty();
    assertThat(door).containsExactly("open", "close");
    assertThat(offline.isOpen()).isFalse();
  }

  @Test
  void oneAnswerIsNotTheEnd() {
    heard(Reach.SILENT, 7);
    heard(Reach.ANSWERS, 1);
    heard(Reach.SILENT, 1);
    assertThat(offline.isOpen()).isTrue();
  }

  @Test
  void itsLifeIsBoundedAndACertificateIsAskedForAgain() throws Exception {
    heard(Reach.SILENT, 7);
    offline.container();
    heard(Reach.SILENT, 60);
    assertThat(runtime.there).isEmpty();
    assertThat(engine.said).anyMatch(line -> line.startsWith("endAll this shell without"));
    heard(Reach.SILENT, 1);
    assertThat(door).containsExactly("open", "close", "open");
  }

  @Test
  void aRescueThatServesOwnsDoorAndSessions() throws Exception {
    heard(Reach.SILENT, 7);
    offline.container();
    offline.begin();
    assertThat(offline.certificatesOnly()).as("with an approval keys are good").isFalse();
    heard(Reach.ANSWERS, 5);
    assertThat(engine.said).noneMatch(line -> line.startsWith("gently"));
    assertThat(runtime.there).isPresent();

    offline.end();
    heard(Reach.ANSWERS, 1);

    assertThat(runtime.there).isEmpty();
    assertThat(door).endsWith("close");
    assertThat(engine.said).noneMatch(line -> line.startsWith("gently"));
  }

  @Test
  void aRescueWithoutAnyOfThisOpensAndShutsTheDoor() throws Exception {
    offline.begin();
    offline.end();
    assertThat(door).containsExactly("open", "close");
  }

  @Test
  void whatAnEarlierLifeLeftIsRemovedWhenTheServerAnswers() throws Exception {
    runtime.create("lifeline-offline");
    heard(Reach.SILENT, 1);
    assertThat(runtime.there).isPresent();
    heard(Reach.ANSWERS, 2);
    assertThat(runtime.there).isEmpty();
  }
}

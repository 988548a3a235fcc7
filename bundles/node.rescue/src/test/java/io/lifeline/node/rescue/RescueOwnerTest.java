package io.lifeline.node.rescue;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.PendingCertificate;
import io.lifeline.node.api.RescueCredentials;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescuePhase;
import io.lifeline.node.api.RescueSignals;
import io.lifeline.node.api.WorkerHealth;
import io.lifeline.node.api.WorkerHealth.Verdict;
import io.lifeline.security.api.ApiAccess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RescueOwnerTest {

  private static final Path NOWHERE = Path.of("/nowhere");
  private static final RescueSettings SETTINGS =
      new RescueSettings(
          Duration.ofMillis(20),
          Duration.ofMillis(60),
          Duration.ofMillis(60),
          Duration.ofMillis(20),
          0);

  private final BlockingQueue<String> deeds = new LinkedBlockingQueue<>();
  private final BlockingQueue<RescueParticipant.Stage> rehearsed = new LinkedBlockingQueue<>();
  private volatile boolean peopleAreIn;
  private final FakeCredentials credentials = new FakeCredentials();
  private final Participants participants = new Participants();
  private final CpuShare noCpu = new CpuShare(NOWHERE, NOWHERE, NOWHERE, 0);
  private final RescueOwner owner =
      new RescueOwner(SETTINGS, participants, noCpu, Clock.systemUTC(), new Random(7));
  private final Thread thread = new Thread(owner);

  @BeforeEach
  void start() {
    for (RescueParticipant.Stage stage : RescueParticipant.Stage.values()) {
      participants.add(new FakeParticipant(stage));
    }
    owner.credentials(credentials);
    thread.start();
  }

  @AfterEach
  void stop() throws Exception {
    thread.interrupt();
    thread.join();
  }

  @Test
  void aRescueGoesFromNotReadyToNothingLeftAndThenOnceMore() throws Exception {
    for (int round = 0; round < 2; round++) {
      health(Verdict.NOT_READY);
      expect("request");
      credentials.answers.add(Optional.of(credential(Duration.ofHours(1))));
      expect("begin GUARD", "begin DOOR", "begin NODE", "begin POD");
      await(RescuePhase.SERVING);
      health(Verdict.READY);
      expect("end POD WORKER_READY", "end NODE WORKER_READY");
      expect("end DOOR WORKER_READY", "end GUARD WORKER_READY", "forget");
      await(RescuePhase.WATCHING);
    }
  }

  private void serve() throws InterruptedException {
    health(Verdict.NOT_READY);
    expect("request");
    credentials.answers.add(Optional.of(credential(Duration.ofHours(1))));
    expect("begin GUARD", "begin DOOR", "begin NODE", "begin POD");
    await(RescuePhase.SERVING);
  }

  @Test
  void aWorkerThatBreaksAgainWhilePeopleHaveTimeIsRescuedOn() throws Exception {
    serve();
    peopleAreIn = true;
    health(Verdict.READY);
    expect("farewell");
    health(Verdict.NOT_READY);
    await(RescuePhase.SERVING);
    awaitTold("the rescue goes on");
    health(Verdict.READY);
    expect("farewell");
    peopleAreIn = false;
    expect("end POD WORKER_READY", "end NODE WORKER_READY");
    expect("end DOOR WORKER_READY", "end GUARD WORKER_READY", "forget");
  }

  @Test
  void whoWithdrawsTheRescueWhilePeopleHaveTimeEndsItThoughTheWorkerBreaksAgain() throws Exception {
    serve();
    peopleAreIn = true;
    health(Verdict.READY);
    expect("farewell");
    owner.withdrawn("the NodeDebug was deleted");
    health(Verdict.NOT_READY);
    expect("end POD WITHDRAWN");
  }

  @Test
  void theCertificatesEndEndsTheRescueAndTheNextOneBegins() throws Exception {
    health(Verdict.NOT_READY);
    expect("request");
    credentials.answers.add(Optional.of(credential(Duration.ofMillis(200))));
    expect("begin GUARD", "begin DOOR", "begin NODE", "begin POD");
    expect("end POD CERTIFICATE_EXPIRED", "end NODE CERTIFICATE_EXPIRED");
    expect("end DOOR CERTIFICATE_EXPIRED", "end GUARD CERTIFICATE_EXPIRED", "forget");
    expect("request");
  }

  @Test
  void aDeniedRequestIsForgottenAndAskedAgain() throws Exception {
    health(Verdict.NOT_READY);
    expect("request");
    credentials.denied = true;
    expect("forget", "request");
  }

  @Test
  void aProxyThatDoesNotAnswerIsAskedAgain() throws Exception {
    credentials.refusals = 3;
    health(Verdict.NOT_READY);
    expect("refused", "refused", "refused", "request");
    awaitTold("kubectl certificate approve csr-1");
    assertThat(owner.history()).anyMatch(step -> step.sentence().contains("no proxy answered"));
  }

  @Test
  void aWorkerThatIsReadyAgainBeforeApprovalEndsTheWait() throws Exception {
    health(Verdict.NOT_READY);
    expect("request");
    await(RescuePhase.AWAITING_APPROVAL);
    health(Verdict.READY);
    await(RescuePhase.WATCHING);
  }

  @Test
  void whatAParticipantLostIsBegunAgainAlone() throws Exception {
    health(Verdict.NOT_READY);
    expect("request");
    credentials.answers.add(Optional.of(credential(Duration.ofHours(1))));
    expect("begin GUARD", "begin DOOR", "begin NODE", "begin POD");
    await(RescuePhase.SERVING);
    FakeParticipant late = new FakeParticipant(RescueParticipant.Stage.POD);
    participants.add(late);
    owner.participantCame();
    expect("begin POD");
    owner.lost(late, "its pod watch broke");
    expect("begin POD");
  }

  @Test
  void everybodyRehearsesWhileAPersonDecides() throws Exception {
    health(Verdict.NOT_READY);
    expect("request");
    for (RescueParticipant.Stage stage : RescueParticipant.Stage.values()) {
      assertThat(rehearsed.poll(5, TimeUnit.SECONDS)).isEqualTo(stage);
    }
  }

  @Test
  void whatTheControlPlaneSeesNowIsAskedForAtOnce() throws Exception {
    RescueOwner slow =
        new RescueOwner(
            new RescueSettings(
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Duration.ofMillis(20),
                0),
            participants,
            noCpu,
            Clock.systemUTC(),
            new Random(7));
    slow.credentials(credentials);
    credentials.refusals = 1;
    Thread other = new Thread(slow);
    other.start();
    try {
      slow.health(new WorkerHealth(Verdict.NOT_READY, "seen by the machine", List.of()));
      expect("refused");
      slow.health(new WorkerHealth(Verdict.NOT_READY, "seen by the control plane", List.of()));
      expect("request");
    } finally {
      other.interrupt();
      other.join();
    }
  }

  @Test
  void aWithdrawnNodeDebugCutsTheRescue() throws Exception {
    health(Verdict.NOT_READY);
    expect("request");
    credentials.answers.add(Optional.of(credential(Duration.ofHours(1))));
    expect("begin GUARD", "begin DOOR", "begin NODE", "begin POD");
    await(RescuePhase.SERVING);
    owner.withdrawn("the NodeDebug was deleted");
    expect("end POD WITHDRAWN");
  }

  @Test
  void aCredentialOfAnEarlierLifeIsTakenUp() throws Exception {
    owner.credentials(null);
    FakeCredentials kept = new FakeCredentials();
    kept.kept = Optional.of(credential(Duration.ofHours(1)));
    RescueOwner second =
        new RescueOwner(SETTINGS, participants, noCpu, Clock.systemUTC(), new Random(7));
    second.credentials(kept);
    Thread other = new Thread(second);
    other.start();
    try {
      expect("begin GUARD", "begin DOOR", "begin NODE", "begin POD");
    } finally {
      other.interrupt();
      other.join();
    }
  }

  private void health(Verdict verdict) {
    owner.health(new WorkerHealth(verdict, "as the test says", List.of()));
  }

  private void expect(String... expected) throws InterruptedException {
    for (String deed : expected) {
      assertThat(deeds.poll(5, TimeUnit.SECONDS)).isEqualTo(deed);
    }
  }

  private void await(RescuePhase phase) {
    await(() -> owner.phase() == phase, "the phase " + phase);
  }

  private void awaitTold(String words) {
    await(
        () -> owner.history().stream().anyMatch(step -> step.sentence().contains(words)),
        "the words " + words);
  }

  private void await(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + 5_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for %s in %s", what, owner.phase()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static NodeCredential credential(Duration life) {
    return new NodeCredential(
        ApiAccess.token(URI.create("https://127.0.0.1:1"), "ca", "token"),
        "ca",
        System.nanoTime() + life.toNanos(),
        Instant.EPOCH);
  }

  private final class FakeParticipant implements RescueParticipant {
    private final Stage stage;

    FakeParticipant(Stage stage) {
      this.stage = stage;
    }

    @Override
    public Stage stage() {
      return stage;
    }

    @Override
    public void rehearse() {
      rehearsed.add(stage);
      throw new IllegalStateException("a rehearsal that fails stops nobody");
    }

    @Override
    public void begin(NodeCredential credential, RescueSignals signals) {
      deeds.add("begin " + stage);
    }

    @Override
    public boolean farewell(RescueEnd end, BooleanSupplier calledOff) {
      if (stage != Stage.POD || !peopleAreIn) {
        return true;
      }
      deeds.add("farewell");
      await(() -> calledOff.getAsBoolean() || !peopleAreIn, "the end of the grace");
      return !calledOff.getAsBoolean();
    }

    @Override
    public void end(RescueEnd end) {
      deeds.add("end " + stage + " " + end.reason());
    }
  }

  private final class FakeCredentials implements RescueCredentials {
    private final BlockingQueue<Optional<NodeCredential>> answers = new LinkedBlockingQueue<>();
    private volatile Optional<NodeCredential> kept = Optional.empty();
    private volatile boolean denied;
    private volatile int refusals;
    private int requests;

    @Override
    public Optional<String> unarmed() {
      return Optional.empty();
    }

    @Override
    public Optional<NodeCredential> kept() {
      return kept;
    }

    @Override
    public PendingCertificate request() throws CredentialException {
      if (refusals > 0) {
        refusals--;
        deeds.add("refused");
        throw new CredentialException(
            CredentialException.Kind.UNREACHABLE, "no proxy answered at any peer");
      }
      deeds.add("request");
      return new PendingCertificate("csr-" + ++requests);
    }

    @Override
    public Optional<NodeCredential> issued(PendingCertificate request) throws CredentialException {
      if (denied) {
        denied = false;
        throw new CredentialException(CredentialException.Kind.DENIED, "a person denied it");
      }
      Optional<NodeCredential> answer = answers.poll();
      return answer == null ? Optional.empty() : answer;
    }

    @Override
    public void forget() {
      deeds.add("forget");
    }
  }
}

package io.lifeline.operator.rescue;

import static io.lifeline.operator.Objects.PKI;
import static io.lifeline.operator.Objects.backup;
import static io.lifeline.operator.Objects.decided;
import static io.lifeline.operator.Objects.node;
import static io.lifeline.operator.Objects.nodeDebug;
import static io.lifeline.operator.Objects.pem;
import static io.lifeline.operator.Objects.runningPod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.lifeline.crd.Condition;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.NodeDebugStatus;
import io.lifeline.crd.Phase;
import io.lifeline.operator.Objects;
import io.lifeline.operator.bootstrap.BootstrapOutcome;
import io.lifeline.operator.claim.Claim;
import io.lifeline.operator.claim.Claims;
import io.lifeline.operator.claim.Standing;
import io.lifeline.operator.csr.Request;
import io.lifeline.operator.proxy.ProxyKeeper.ProxyState;
import io.lifeline.security.api.CertificateAuthority;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.Pem;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoryTest {

  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private static final Node READY = node("w2", "True", "KubeletReady");
  private static final Node BROKEN = node("w2", "Unknown", "NodeStatusUnknown");
  private static final String CSR_PEM =
      pem(CertificateSubject.client("system:node:w2-debug", "system:nodes"));

  private final Story story = new Story(Clock.fixed(NOW, ZoneOffset.UTC));
  private final NodeDebug nd = nodeDebug("x", "w2");

  private static CertificateSigningRequestBuilder csr() {
    return Objects.request("csr-1", "user", Request.NODE_CLIENT, CSR_PEM, Set.of("client auth"));
  }

  private static Optional<Request> pending() {
    return Optional.of(new Request(csr().build()));
  }

  private static Optional<Request> issued(Duration life) throws Exception {
    CertificateAuthority authority = PKI.newAuthority("cluster", Duration.ofDays(1));
    X509Certificate certificate = authority.sign(CSR_PEM, CertificateAuthority.Usage.CLIENT, life);
    String pem = Pem.certificates(List.of(certificate));
    return Optional.of(
        decided(csr().editStatus().withCertificate(Objects.base64(pem)).endStatus(), "Approved"));
  }

  private Facts facts(Node worker, Optional<Request> request, Optional<Node> backup, Pod... pods) {
    Claim claim = Claims.of(List.of(nd)).all().get(0);
    return new Facts(
        claim,
        new BootstrapOutcome.Kept("user", "kept"),
        new ProxyState("True", "Ready", "ready"),
        Optional.of(worker),
        request,
        backup,
        List.of(pods),
        Optional.empty());
  }

  private Phase phase(Facts facts) {
    Story.Chapter chapter = story.of(facts);
    assertThat(chapter.phase()).isEqualTo(chapter.status().phase());
    assertThat(chapter.sentence()).isNotBlank();
    return chapter.phase();
  }

  @Test
  void theWholeStoryOfOneRescue() throws Exception {
    Optional<Node> none = Optional.empty();
    assertThat(phase(facts(READY, Optional.empty(), none))).isEqualTo(Phase.Watching);
    assertThat(phase(facts(BROKEN, Optional.empty(), none))).isEqualTo(Phase.WaitingForAgent);
    assertThat(phase(facts(BROKEN, pending(), none))).isEqualTo(Phase.AwaitingApproval);
    Optional<Request> issued = issued(Duration.ofHours(1));
    assertThat(phase(facts(BROKEN, Optional.of(decided(csr(), "Approved")), none)))
        .isEqualTo(Phase.Approved);
    assertThat(phase(facts(BROKEN, issued, none))).isEqualTo(Phase.Approved);
    Optional<Node> coming = Optional.of(backup("w2", "False", "ComingUp"));
    assertThat(phase(facts(BROKEN, issued, coming))).isEqualTo(Phase.Approved);
    Optional<Node> up = Optional.of(backup("w2", "True", "Serving"));
    assertThat(phase(facts(BROKEN, issued, up))).isEqualTo(Phase.BackupNodeReady);
    Pod pod = runningPod("debug-pod", "w2-debug");
    assertThat(phase(facts(BROKEN, issued, up, pod))).isEqualTo(Phase.DebugPodRunning);
    assertThat(phase(facts(READY, issued, up, pod).over("why"))).isEqualTo(Phase.Ending);
  }

  @Test
  void whileAPersonHasToApproveTheCommandIsThere() {
    NodeDebugStatus status = story.of(facts(BROKEN, pending(), Optional.empty())).status();
    assertThat(status.csrName()).isEqualTo("csr-1");
    assertThat(status.approveCommand()).isEqualTo("kubectl certificate approve csr-1");
    assertThat(status.condition(Condition.Type.Approved).orElseThrow().message())
        .contains("To proceed, you can either", "kubectl certificate deny csr-1");
  }

  @Test
  void afterTheApprovalTheCommandIsGoneAndTheEndIsThere() throws Exception {
    Facts facts =
        facts(
            BROKEN,
            issued(Duration.ofHours(1)),
            Optional.of(backup("w2", "True", "Serving")),
            runningPod("debug-pod", "w2-debug"));
    NodeDebugStatus status = story.of(facts).status();
    assertThat(status.approveCommand()).isNull();
    assertThat(Instant.parse(status.certificateEnds()))
        .isBetween(NOW.plusSeconds(3590), NOW.plusSeconds(3660));
    assertThat(status.backupNode()).isEqualTo("w2-debug");
    assertThat(status.debugPod()).isEqualTo("default/debug-pod");
    assertThat(status.conditions())
        .filteredOn(Condition::isTrue)
        .extracting(Condition::type)
        .containsExactly(
            "Accepted",
            "BootstrapKubeConfig",
            "ProxyAvailable",
            "Approved",
            "BackupNodeReady",
            "DebugPodRunning");
  }

  @Test
  void whenTheRequestWasTidiedAwayWhatWasKnownStays() throws Exception {
    Optional<Node> up = Optional.of(backup("w2", "True", "Serving"));
    nd.setStatus(story.of(facts(BROKEN, issued(Duration.ofHours(1)), up)).status());
    NodeDebugStatus later = story.of(facts(BROKEN, Optional.empty(), up)).status();
    assertThat(later.certificateEnds()).isEqualTo(nd.story().certificateEnds()).isNotNull();
    assertThat(later.csrName()).isEqualTo("csr-1");
    NodeDebugStatus ended = story.of(facts(READY, Optional.empty(), Optional.empty())).status();
    assertThat(ended.certificateEnds()).isNull();
    assertThat(ended.csrName()).isNull();
    assertThat(ended.backupNode()).isNull();
  }

  @Test
  void theKeyOfTheSshFrontEndIsToldWhileTheBackupNodeIsThere() throws Exception {
    Node up =
        new NodeBuilder(backup("w2", "True", "Serving"))
            .editStatus()
            .addNewCondition()
            .withType(NodeDebug.SSH_HOST_KEY)
            .withStatus("True")
            .withMessage("SHA256:abc")
            .endCondition()
            .endStatus()
            .build();
    Facts facts = facts(BROKEN, issued(Duration.ofHours(1)), Optional.of(up));
    assertThat(story.of(facts).status().sshHostKey()).isEqualTo("SHA256:abc");
    Facts ended = facts(READY, Optional.empty(), Optional.empty());
    assertThat(story.of(ended).status().sshHostKey()).isNull();
  }

  @Test
  void theAgentsOwnEndIsToldBeforeThatOfItsCertificate() throws Exception {
    Node up =
        new NodeBuilder(backup("w2", "True", "Serving"))
            .editStatus()
            .addNewCondition()
            .withType(NodeDebug.CERTIFICATE_ENDS)
            .withStatus("True")
            .withMessage("2026-01-01T01:00:00Z")
            .endCondition()
            .endStatus()
            .build();
    Facts facts = facts(BROKEN, issued(Duration.ofDays(365)), Optional.of(up));
    assertThat(story.of(facts).status().certificateEnds()).isEqualTo("2026-01-01T01:00:00Z");
  }

  @Test
  void aDeniedRequestIsWaitedFromAndNamed() {
    Story.Chapter chapter =
        story.of(facts(BROKEN, Optional.of(decided(csr(), "Denied")), Optional.empty()));
    assertThat(chapter.phase()).isEqualTo(Phase.WaitingForAgent);
    assertThat(chapter.sentence()).contains("csr-1 was denied");
    assertThat(chapter.status().condition(Condition.Type.Approved).orElseThrow().reason())
        .isEqualTo("Denied");
  }

  @Test
  void anExpiredCertificateIsNoApproval() throws Exception {
    assertThat(phase(facts(BROKEN, issued(Duration.ofSeconds(-120)), Optional.empty())))
        .isEqualTo(Phase.WaitingForAgent);
  }

  @Test
  void aConditionThatStaysKeepsItsTime() {
    Story earlier = new Story(Clock.fixed(NOW.minusSeconds(60), ZoneOffset.UTC));
    nd.setStatus(earlier.of(facts(READY, Optional.empty(), Optional.empty())).status());
    NodeDebugStatus same = story.of(facts(READY, Optional.empty(), Optional.empty())).status();
    assertThat(same).as("nothing to write").isEqualTo(nd.story());
    NodeDebugStatus changed =
        story
            .of(facts(BROKEN, Optional.empty(), Optional.of(backup("w2", "True", "Serving"))))
            .status();
    assertThat(time(changed, Condition.Type.Accepted)).isEqualTo(NOW.minusSeconds(60).toString());
    assertThat(time(changed, Condition.Type.BackupNodeReady)).isEqualTo(NOW.toString());
  }

  private static String time(NodeDebugStatus status, Condition.Type type) {
    return status.condition(type).orElseThrow().lastTransitionTime();
  }

  @Test
  void theSessionsAreWhatTheAgentSays() {
    Node up =
        new NodeBuilder(backup("w2", "True", "Serving"))
            .editStatus()
            .addNewCondition()
            .withType(NodeDebug.SESSIONS)
            .withStatus("True")
            .withMessage("2")
            .endCondition()
            .endStatus()
            .build();
    assertThat(story.of(facts(BROKEN, Optional.empty(), Optional.of(up))).status().sessions())
        .isEqualTo("2");
  }

  @Test
  void aRefusedOneSaysWhyAndNothingElse() {
    NodeDebugStatus status =
        story.refused(nd, new Standing.Refused("Duplicate", "The NodeDebug y has it.")).status();
    assertThat(status.phase()).isEqualTo(Phase.Refused);
    assertThat(status.accepted()).isFalse();
    assertThat(status.conditions()).hasSize(1);
  }

  @Test
  void aChangedWorkerNameIsToldOf() {
    nd.getMetadata().getAnnotations().put(NodeDebug.WORKER, "w1");
    Condition accepted =
        story
            .of(facts(READY, Optional.empty(), Optional.empty()))
            .status()
            .condition(Condition.Type.Accepted)
            .orElseThrow();
    assertThat(accepted.reason()).isEqualTo("WorkerNameChanged");
    assertThat(accepted.message()).contains("goes on for w1");
  }
}

package io.lifeline.operator.csr;

import static io.lifeline.operator.Objects.PKI;
import static io.lifeline.operator.Objects.deleting;
import static io.lifeline.operator.Objects.node;
import static io.lifeline.operator.Objects.nodeDebug;
import static io.lifeline.operator.Objects.pem;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.lifeline.crd.NodeDebug;
import io.lifeline.operator.Objects;
import io.lifeline.operator.bootstrap.BootstrapIdentities;
import io.lifeline.operator.claim.Claims;
import io.lifeline.security.api.CertificateSubject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of who may ask for what. */
class PoliciesTest {

  private static final String BOOTSTRAP = "system:serviceaccount:lifeline-bootstrap:w2";
  private static final String KUBELET = "system:node:w2";
  private static final String BACKUP = "system:node:w2-debug";
  private static final Set<String> CLIENT = Set.of("digital signature", "client auth");
  private static final Set<String> SERVER = Set.of("digital signature", "server auth");
  private static final CertificateSubject RIGHT = CertificateSubject.client(BACKUP, "system:nodes");
  private static final CertificateSubject AGENT =
      CertificateSubject.client("lifeline:agent:w2", "lifeline:agents");
  private static final CertificateSubject SERVING =
      new CertificateSubject(
          BACKUP, List.of("system:nodes"), List.of("w2-debug"), List.of("10.0.0.12"));

  /** A request with one thing different from the right one, and what is to be said. */
  private record Row(
      String about,
      String user,
      String signer,
      CertificateSubject subject,
      Set<String> usages,
      int life,
      String said) {

    Row {
      usages = Set.copyOf(usages);
    }

    CertificateSigningRequestBuilder builder() {
      return Objects.request("r", user, signer, pem(subject), usages)
          .editSpec()
          .withExpirationSeconds(life == 0 ? null : Integer.valueOf(life))
          .endSpec();
    }

    @Override
    public String toString() {
      return about + " → " + said;
    }
  }

  private static Row bootstrap(
      String about, CertificateSubject subject, Set<String> usages, int life, String said) {
    return new Row(about, BOOTSTRAP, Request.NODE_CLIENT, subject, usages, life, said);
  }

  private static CertificateSubject with(
      String name, List<String> organizations, List<String> dns, List<String> addresses) {
    return new CertificateSubject(name, organizations, dns, addresses);
  }

  static Stream<Row> table() {
    List<String> nodes = List.of("system:nodes");
    Set<String> rsa = Set.of("digital signature", "client auth", "key encipherment");
    return Stream.of(
        bootstrap("exactly the debug node", RIGHT, CLIENT, 3600, "ForAPerson"),
        bootstrap("with an RSA key", RIGHT, rsa, 3600, "ForAPerson"),
        bootstrap("the longest life", RIGHT, CLIENT, 86400, "ForAPerson"),
        bootstrap("too long a life", RIGHT, CLIENT, 86401, "Deny LifeTooLong"),
        bootstrap("no life at all", RIGHT, CLIENT, 0, "Deny LifeTooLong"),
        bootstrap(
            "the worker itself",
            CertificateSubject.client("system:node:w2", "system:nodes"),
            CLIENT,
            3600,
            "Deny WrongSubject"),
        bootstrap(
            "another worker's debug node",
            CertificateSubject.client("system:node:w1-debug", "system:nodes"),
            CLIENT,
            3600,
            "Deny WrongSubject"),
        bootstrap(
            "a higher group as well",
            with(BACKUP, List.of("system:nodes", "system:masters"), List.of(), List.of()),
            CLIENT,
            3600,
            "Deny WrongSubject"),
        bootstrap(
            "no group",
            with(BACKUP, List.of(), List.of(), List.of()),
            CLIENT,
            3600,
            "Deny WrongSubject"),
        bootstrap(
            "a DNS name",
            with(BACKUP, nodes, List.of("kubernetes"), List.of()),
            CLIENT,
            3600,
            "Deny WrongSubject"),
        bootstrap(
            "an address",
            with(BACKUP, nodes, List.of(), List.of("10.0.0.12")),
            CLIENT,
            3600,
            "Deny WrongSubject"),
        bootstrap(
            "a server's usage",
            RIGHT,
            Set.of("client auth", "server auth"),
            3600,
            "Deny WrongUsages"),
        bootstrap(
            "no client's usage", RIGHT, Set.of("digital signature"), 3600, "Deny WrongUsages"),
        new Row(
            "another signer",
            BOOTSTRAP,
            "kubernetes.io/kube-apiserver-client",
            RIGHT,
            CLIENT,
            3600,
            "Remove WrongSigner"),
        new Row(
            "a bootstrap identity that enrols",
            BOOTSTRAP,
            Request.ENROLMENT,
            AGENT,
            CLIENT,
            3600,
            "Deny NotANode"),
        new Row(
            "the identity of another worker",
            "system:serviceaccount:lifeline-bootstrap:w1",
            Request.NODE_CLIENT,
            RIGHT,
            CLIENT,
            3600,
            "Deny NoNodeDebug"),
        new Row(
            "a given identity",
            "system:bootstrap:abcdef",
            Request.NODE_CLIENT,
            CertificateSubject.client("system:node:w3-debug", "system:nodes"),
            CLIENT,
            3600,
            "ForAPerson"),
        new Row(
            "a given identity for another worker",
            "system:bootstrap:abcdef",
            Request.NODE_CLIENT,
            RIGHT,
            CLIENT,
            3600,
            "Deny WrongSubject"),
        new Row(
            "an ordinary bootstrap token",
            "system:bootstrap:other1",
            Request.NODE_CLIENT,
            CertificateSubject.client("system:node:w9", "system:nodes"),
            CLIENT,
            3600,
            "none"),
        new Row(
            "an agent that enrols",
            KUBELET,
            Request.ENROLMENT,
            AGENT,
            CLIENT,
            3600,
            "Approve Enrolled"),
        new Row(
            "an agent of another worker",
            KUBELET,
            Request.ENROLMENT,
            CertificateSubject.client("lifeline:agent:w1", "lifeline:agents"),
            CLIENT,
            3600,
            "Deny WrongSubject"),
        new Row(
            "an agent with another group",
            KUBELET,
            Request.ENROLMENT,
            CertificateSubject.client("lifeline:agent:w2", "system:masters"),
            CLIENT,
            3600,
            "Deny WrongSubject"),
        new Row(
            "an agent as a server",
            KUBELET,
            Request.ENROLMENT,
            AGENT,
            SERVER,
            3600,
            "Deny WrongUsages"),
        new Row(
            "an agent of a worker that is not Ready",
            "system:node:w3",
            Request.ENROLMENT,
            CertificateSubject.client("lifeline:agent:w3", "lifeline:agents"),
            CLIENT,
            3600,
            "Wait NodeNotReady"),
        new Row(
            "an agent of no worker",
            "system:node:w9",
            Request.ENROLMENT,
            CertificateSubject.client("lifeline:agent:w9", "lifeline:agents"),
            CLIENT,
            3600,
            "Wait NoNode"),
        new Row(
            "a backup node that enrols",
            BACKUP,
            Request.ENROLMENT,
            CertificateSubject.client("lifeline:agent:w2-debug", "lifeline:agents"),
            CLIENT,
            3600,
            "Deny BackupNode"),
        new Row(
            "a person who enrols",
            "admin",
            Request.ENROLMENT,
            AGENT,
            CLIENT,
            3600,
            "Deny NotANode"),
        new Row(
            "the serving certificate",
            BACKUP,
            Request.NODE_SERVING,
            SERVING,
            SERVER,
            3600,
            "Approve BackupNode"),
        new Row(
            "serving as the worker's hostname",
            BACKUP,
            Request.NODE_SERVING,
            with(BACKUP, nodes, List.of("host2", "w2"), List.of("10.0.0.12")),
            SERVER,
            3600,
            "Approve BackupNode"),
        new Row(
            "serving at another address",
            BACKUP,
            Request.NODE_SERVING,
            with(BACKUP, nodes, List.of(), List.of("10.0.0.10")),
            SERVER,
            3600,
            "Deny WrongSubject"),
        new Row(
            "serving as another name",
            BACKUP,
            Request.NODE_SERVING,
            with(BACKUP, nodes, List.of("kubernetes.default"), List.of("10.0.0.12")),
            SERVER,
            3600,
            "Deny WrongSubject"),
        new Row(
            "serving as another node",
            BACKUP,
            Request.NODE_SERVING,
            with("system:node:w2", nodes, List.of(), List.of("10.0.0.12")),
            SERVER,
            3600,
            "Deny WrongSubject"),
        new Row(
            "serving as a client",
            BACKUP,
            Request.NODE_SERVING,
            SERVING,
            CLIENT,
            3600,
            "Deny WrongUsages"),
        new Row(
            "a renewal by the backup node itself",
            BACKUP,
            Request.NODE_CLIENT,
            RIGHT,
            CLIENT,
            3600,
            "Deny NoRenewal"),
        new Row(
            "serving while the NodeDebug goes",
            "system:node:w4-debug",
            Request.NODE_SERVING,
            with("system:node:w4-debug", nodes, List.of(), List.of("10.0.0.12")),
            SERVER,
            3600,
            "Deny NoNodeDebug"),
        new Row(
            "a Node of the cluster's own whose name ends like ours",
            "system:node:real-debug",
            Request.NODE_SERVING,
            with("system:node:real-debug", nodes, List.of(), List.of("10.0.0.99")),
            SERVER,
            3600,
            "none"),
        new Row(
            "an ordinary kubelet",
            "system:node:w1",
            Request.NODE_SERVING,
            with("system:node:w1", nodes, List.of(), List.of("10.0.0.11")),
            SERVER,
            3600,
            "none"));
  }

  private static List<Policy> policies(boolean lifeIsKept) {
    Claims claims =
        Claims.of(
            List.of(nodeDebug("x", "w2"), nodeDebug("y", "w3"), deleting(nodeDebug("z", "w4"))));
    Map<String, Node> nodes = new HashMap<>();
    for (Node node :
        List.of(
            node("w1", "True", "KubeletReady"),
            node("w2", "True", "KubeletReady"),
            node("w3", "Unknown", "NodeStatusUnknown"),
            node("w4", "False", "Broken"),
            node("real-debug", "True", "KubeletReady"),
            Objects.backup("w2", "True", "Ready"))) {
      nodes.put(node.getMetadata().getName(), node);
    }
    BootstrapIdentities identities =
        BootstrapIdentities.of(
            "lifeline-bootstrap", Map.of("w2", BOOTSTRAP, "w3", "system:bootstrap:abcdef"));
    List<Policy> policies = new ArrayList<>();
    policies.add(
        new BackupNodePolicy(PKI::subject, claims, name -> Optional.ofNullable(nodes.get(name))));
    policies.add(new EnrolmentPolicy(PKI::subject, name -> Optional.ofNullable(nodes.get(name))));
    policies.add(new BootstrapPolicy(PKI::subject, identities, Duration.ofDays(1), lifeIsKept));
    return policies;
  }

  private static String said(Request request, boolean lifeIsKept) {
    return policies(lifeIsKept).stream()
        .map(policy -> policy.rule(request))
        .flatMap(Optional::stream)
        .findFirst()
        .map(PoliciesTest::name)
        .orElse("none");
  }

  private static String name(Ruling ruling) {
    if (ruling instanceof Ruling.Deny deny) {
      return "Deny " + deny.reason();
    } else if (ruling instanceof Ruling.Approve approve) {
      return "Approve " + approve.reason();
    } else if (ruling instanceof Ruling.Remove remove) {
      return "Remove " + remove.reason();
    } else if (ruling instanceof Ruling.Wait wait) {
      return "Wait " + wait.reason();
    }
    return "ForAPerson";
  }

  @ParameterizedTest
  @MethodSource("table")
  void whoMayAskForWhat(Row row) {
    assertThat(said(new Request(row.builder().build()), true)).isEqualTo(row.said());
  }

  @Test
  void anOldApiServerDoesNotTellTheLife() {
    Row row = bootstrap("", RIGHT, CLIENT, 0, "ForAPerson");
    assertThat(said(new Request(row.builder().build()), false)).isEqualTo("ForAPerson");
  }

  @Test
  void aRequestThatCannotBeReadIsDenied() {
    for (String request : List.of("", "!", Objects.base64("no PEM"))) {
      for (Row row : table().filter(r -> !r.said().startsWith("none")).toList()) {
        Request broken =
            new Request(row.builder().editSpec().withRequest(request).endSpec().build());
        assertThat(said(broken, true)).as(row.about()).matches("(Deny|Remove) .*");
      }
    }
  }

  @Test
  void aKubeletWithoutTheGroupOfNodesIsNotOne() {
    Row row = new Row("", KUBELET, Request.ENROLMENT, AGENT, CLIENT, 60, "");
    Request request = new Request(row.builder().editSpec().withGroups("others").endSpec().build());
    assertThat(said(request, true)).isEqualTo("Deny NotANode");
  }

  @Test
  void aNameInAMessageIsNoFormat() {
    NodeDebug nd = nodeDebug("x", "w2");
    assertThat(nd.worker()).isEqualTo("w2");
    Row row =
        bootstrap(
            "",
            CertificateSubject.client("%s %d %n", "system:nodes"),
            CLIENT,
            60,
            "Deny WrongSubject");
    assertThat(said(new Request(row.builder().build()), true)).isEqualTo("Deny WrongSubject");
  }
}

package io.lifeline.kubelet.server;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.lifeline.node.api.DebugPods;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.ServingCertificates;
import io.lifeline.node.api.Worker;
import io.lifeline.security.api.Access;
import io.lifeline.security.api.Authenticator;
import io.lifeline.security.api.Authorizer;
import io.lifeline.security.api.Decision;
import io.lifeline.security.api.Identity;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ContainerUsage;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.LogReader;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionStreams;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Every other room of the agent, as the kubelet API sees it. */
final class FakeNode
    implements DebugPods,
        SessionEngine,
        Authenticator,
        Authorizer,
        ServingCertificates,
        DebugContainer {

  static final TestCertificates SERVER = TestCertificates.selfSigned("CN=w2-debug");
  static final TestCertificates API_SERVER =
      TestCertificates.selfSigned("O=system:masters,CN=kube-apiserver");
  static final TestCertificates STRANGER = TestCertificates.selfSigned("CN=stranger");

  final List<FakeProcess> processes = new CopyOnWriteArrayList<>();
  final List<Access> asked = new CopyOnWriteArrayList<>();
  volatile Path root = Path.of("/nonexistent");
  volatile Path state = Path.of("/nonexistent");
  volatile List<Recording> recordings = List.of();
  volatile boolean begun = true;
  volatile FakeLog log = new FakeLog();
  volatile String refuseSessions = "";
  volatile Set<String> denied = Set.of("reader");

  private final int port;

  FakeNode() {
    this(0);
  }

  FakeNode(int port) {
    this.port = port;
  }

  // Who calls.

  @Override
  public Optional<Identity> certificate(List<X509Certificate> chain) {
    return chain.get(0).equals(API_SERVER.certificate())
        ? Optional.of(
            new Identity(
                "kube-apiserver", Set.of("system:masters"), Identity.Proof.CLIENT_CERTIFICATE))
        : Optional.empty();
  }

  @Override
  public Optional<Identity> token(String token) {
    return token.equals("reader-token")
        ? Optional.of(new Identity("reader", Set.of(), Identity.Proof.TOKEN_REVIEW))
        : Optional.empty();
  }

  @Override
  public Decision decide(Identity who, Access what) {
    asked.add(what);
    return denied.contains(who.name()) && what.verb().equals("create")
        ? Decision.deny("only reading")
        : Decision.allow("");
  }

  @Override
  public ServingCertificate serving(NodeCredential credential) {
    return new ServingCertificate(SERVER.key(), List.of(SERVER.certificate()), false);
  }

  // What runs.

  @Override
  public List<Pod> pods() {
    return List.of(
        new PodBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName("debug")
            .withUid("u-1")
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("debugger")
            .withCommand("cat")
            .endContainer()
            .endSpec()
            .withNewStatus()
            .withPhase("Running")
            .withContainerStatuses(begun ? List.of(running()) : List.of())
            .endStatus()
            .build());
  }

  private static ContainerStatus running() {
    return new ContainerStatusBuilder()
        .withName("debugger")
        .withNewState()
        .withNewRunning("2026-11-22T10:00:00Z")
        .endState()
        .build();
  }

  @Override
  public Optional<DebugContainer> container(
      String namespace, String pod, String uid, String container) {
    return Optional.of(this);
  }

  @Override
  public Session open(SessionRequest request, SessionStreams streams)
      throws SessionRefusedException {
    if (!refuseSessions.isEmpty()) {
      throw new SessionRefusedException(refuseSessions);
    }
    FakeProcess process = new FakeProcess(request, streams);
    processes.add(process);
    process.start();
    return process;
  }

  FakeProcess process() {
    return processes.get(processes.size() - 1);
  }

  @Override
  public List<SessionInfo> sessions() {
    return processes.stream()
        .filter(process -> process.ended.getCount() > 0)
        .map(FakeProcess::info)
        .toList();
  }

  @Override
  public List<Recording> recordings() {
    return recordings;
  }

  @Override
  public void broadcast(String line) {}

  @Override
  public void endAll(String line, Duration within) {}

  @Override
  public void admit() {}

  // The container.

  @Override
  public String id() {
    return "lifeline-debug";
  }

  @Override
  public Optional<ExitStatus> ended() {
    return Optional.empty();
  }

  @Override
  public ContainerProcess exec(ProcessSpec process, SessionStreams streams) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ContainerProcess attach(SessionStreams streams) {
    throw new UnsupportedOperationException();
  }

  @Override
  public LogReader logs() {
    return log.reader();
  }

  @Override
  public Optional<LogReader> logs(String namespace, String pod, String uid, String container) {
    return log == null ? Optional.empty() : Optional.of(log.reader());
  }

  @Override
  public Optional<ContainerUsage> usage() {
    return Optional.of(new ContainerUsage(2_500_000_000L, 3000, 2000));
  }

  @Override
  public void whenEnded(Runnable callback) {}

  @Override
  public void delete() {}

  /** Where. A field, because Worker and SessionEngine both have recordings of their own. */
  final Worker worker =
      new Worker() {
        @Override
        public String name() {
          return "w2";
        }

        @Override
        public String backupName() {
          return "w2-debug";
        }

        @Override
        public String address() {
          return "127.0.0.1";
        }

        @Override
        public int kubeletPort() {
          return port;
        }

        @Override
        public Path root() {
          return root;
        }

        @Override
        public Path state() {
          return state;
        }
      };
}

package io.lifeline.session.engine;

import io.lifeline.config.Settings;
import io.lifeline.node.api.Awaited;
import io.lifeline.node.api.Worker;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.security.api.Identity;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerRuntime;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.EarlierSessions;
import io.lifeline.session.api.JoinRequest;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionListener;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live sessions as a service. Settings: {@code etc/io.lifeline.session.engine.cfg}. */
@Component(
    service = SessionEngine.class,
    immediate = true,
    configurationPid = EngineSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class SessionEngineComponent implements SessionEngine {

  private static final Logger LOG = LoggerFactory.getLogger(SessionEngineComponent.class);

  private final Awaited<ContainerRuntime> runtime = new Awaited<>();
  private final AtomicReference<SessionListener> listener = new AtomicReference<>();
  private final AtomicBoolean resumed = new AtomicBoolean();
  private final AuditFile file;
  private final Optional<RecordingSink> sink;
  private final LiveSessions sessions;

  @Activate
  public SessionEngineComponent(
      @Reference Worker worker, @Reference ClusterTime time, Map<String, Object> properties) {
    EngineSettings settings = EngineSettings.of(Settings.of(EngineSettings.PID, properties));
    file = new AuditFile(worker.state(), settings.auditKib());
    Recordings recordings = new Recordings(worker.recordings(), settings.recorded());
    sink =
        settings
            .recorded()
            .sink()
            .map(folder -> folder.resolve(worker.name()))
            .map(folder -> RecordingSink.of(folder, recordings, file));
    AuditLog audit = new AuditLog(this::audit, time.clock());
    sessions =
        new LiveSessions(
            this::container,
            settings,
            audit,
            new Recorder(
                recordings,
                settings.recorded(),
                this::warning,
                sink.map(
                    to -> new SinkWatch(to, settings.recorded().whenFull(), audit, this::warning))),
            new KeptSessions(worker.state().resolve("sessions"), KeptSessions.thisLife()));
  }

  /** What an earlier life of the agent has left is copied as well. */
  @Activate
  void activate() {
    sink.ifPresent(RecordingSink::need);
  }

  private void audit(String line) {
    file.add(line);
    sink.ifPresent(RecordingSink::need);
  }

  /** Sessions live on, and the next engine looks after them together with its own. */
  @Deactivate
  void deactivate() {
    Bundle contract = FrameworkUtil.getBundle(EarlierSessions.class);
    BundleContext context = contract == null ? null : contract.getBundleContext();
    ServiceRegistration<?> left =
        context == null || sessions.sessions().isEmpty()
            ? null
            : context.registerService(EarlierSessions.class, sessions, null);
    sessions.whenOver(
        () -> {
          file.close();
          sink.ifPresent(RecordingSink::close);
          if (left != null) {
            left.unregister();
          }
        });
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindEarlier(EarlierSessions earlier) {
    sessions.generations().add(earlier);
  }

  void unbindEarlier(EarlierSessions earlier) {
    sessions.generations().remove(earlier);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindRuntime(ContainerRuntime service) {
    runtime.bind(service);
    if (resumed.compareAndSet(false, true)) {
      Thread resuming = new Thread(sessions::resume, "lifeline-resuming");
      resuming.setDaemon(true);
      resuming.start();
    }
  }

  void unbindRuntime(ContainerRuntime service) {
    runtime.unbind(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindListener(SessionListener service) {
    listener.set(service);
  }

  void unbindListener(SessionListener service) {
    listener.compareAndSet(service, null);
  }

  private void warning(String reason, String sentence) {
    LOG.warn("{}", sentence);
    SessionListener bound = listener.get();
    if (bound != null) {
      bound.warning(reason, sentence);
    }
  }

  private Optional<DebugContainer> container(String id) throws ContainerException {
    return runtime
        .awaited()
        .orElseThrow(
            () ->
                new ContainerException(
                    "no session can be opened: the service ContainerRuntime is missing. Is the"
                        + " bundle io.lifeline.runtime.oci started?"))
        .find(id);
  }

  @Override
  public Session open(SessionRequest request, SessionStreams streams)
      throws SessionRefusedException, ContainerException {
    return sessions.open(request, streams);
  }

  @Override
  public Session join(JoinRequest request, SessionStreams streams) throws SessionRefusedException {
    return sessions.generations().join(request, streams);
  }

  @Override
  public boolean end(String sessionId, Identity by, String why) {
    return sessions.generations().end(sessionId, by, why);
  }

  @Override
  public void endsAt(long endNanos, String what) {
    sessions.generations().endsAt(endNanos, what);
  }

  @Override
  public void endAllGently(String cause, Duration within) {
    sessions.generations().endAllGently(cause, within);
  }

  @Override
  public boolean endAllGently(String cause, Duration within, BooleanSupplier calledOff) {
    return sessions.generations().endAllGently(cause, within, calledOff);
  }

  @Override
  public List<SessionInfo> sessions() {
    return sessions.generations().sessions();
  }

  @Override
  public void broadcast(String line) {
    sessions.generations().broadcast(line);
  }

  @Override
  public void endAll(String line, Duration within) {
    sessions.generations().endAll(line, within);
  }

  @Override
  public List<Recording> recordings() {
    return sessions.recordings();
  }

  @Override
  public boolean replay(String id, Player player) throws IOException, InterruptedException {
    return sessions.replay(id, player);
  }

  @Override
  public void admit() {
    sessions.admit();
  }
}

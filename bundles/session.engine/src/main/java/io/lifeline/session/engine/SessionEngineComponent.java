package io.lifeline.session.engine;

import io.lifeline.config.Settings;
import io.lifeline.node.api.Worker;
import io.lifeline.security.api.Identity;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerRuntime;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.JoinRequest;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionListener;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
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
    configurationPid = EngineSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class SessionEngineComponent implements SessionEngine {

  private static final Logger LOG = LoggerFactory.getLogger(SessionEngineComponent.class);

  private final AtomicReference<ContainerRuntime> runtime = new AtomicReference<>();
  private final AtomicReference<SessionListener> listener = new AtomicReference<>();
  private final AuditFile file;
  private final LiveSessions sessions;

  @Activate
  public SessionEngineComponent(@Reference Worker worker, Map<String, Object> properties) {
    EngineSettings settings = EngineSettings.of(Settings.of(EngineSettings.PID, properties));
    file = new AuditFile(worker.state(), settings.auditKib());
    sessions =
        new LiveSessions(
            this::container,
            settings,
            new AuditLog(file::add, Clock.systemUTC()),
            new Recordings(worker.recordings(), settings.recorded()),
            this::warning);
  }

  @Deactivate
  void deactivate() {
    sessions.stop();
    file.close();
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindRuntime(ContainerRuntime service) {
    runtime.set(service);
  }

  void unbindRuntime(ContainerRuntime service) {
    runtime.compareAndSet(service, null);
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
    ContainerRuntime bound = runtime.get();
    if (bound == null) {
      throw new ContainerException(
          "no session can be opened: the service ContainerRuntime is missing. Is the bundle"
              + " io.lifeline.runtime.oci started?");
    }
    return bound.find(id);
  }

  @Override
  public Session open(SessionRequest request, SessionStreams streams)
      throws SessionRefusedException, ContainerException {
    return sessions.open(request, streams);
  }

  @Override
  public Session join(JoinRequest request, SessionStreams streams) throws SessionRefusedException {
    return sessions.join(request, streams);
  }

  @Override
  public boolean end(String sessionId, Identity by, String why) {
    return sessions.end(sessionId, by, why);
  }

  @Override
  public void endsAt(long endNanos, String what) {
    sessions.endsAt(endNanos, what);
  }

  @Override
  public void endAllGently(String cause, Duration within) {
    sessions.endAllGently(cause, within);
  }

  @Override
  public List<SessionInfo> sessions() {
    return sessions.sessions();
  }

  @Override
  public void broadcast(String line) {
    sessions.broadcast(line);
  }

  @Override
  public void endAll(String line, Duration within) {
    sessions.endAll(line, within);
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

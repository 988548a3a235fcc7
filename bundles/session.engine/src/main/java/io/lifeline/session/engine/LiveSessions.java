package io.lifeline.session.engine;

import io.lifeline.security.api.Identity;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.EarlierSessions;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.JoinRequest;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** All sessions that live, of every door. Any thread. */
final class LiveSessions implements EarlierSessions, House {

  /** Where debug containers are found; empty when there is none of this id. */
  interface Lookup {
    Optional<DebugContainer> container(String id) throws ContainerException;
  }

  private static final int NOT_STARTED = 255;

  private final Lookup containers;
  private final EngineSettings settings;
  private final AuditLog audit;
  private final Recorder recorder;
  private final Live live = new Live();
  private final Ending ending;
  private final Farewell farewell;
  private final Overdue overdue;
  private final Ticker ticker = new Ticker(this::tick);
  private final Keeping keeping;
  private final Resumption resumption;
  private final SecureRandom random = new SecureRandom();
  private final Generations generations = new Generations(this);
  private final PersonsCommand command = new PersonsCommand(generations, this::stay);

  LiveSessions(
      Lookup containers,
      EngineSettings settings,
      AuditLog audit,
      Recorder recorder,
      KeptSessions kept) {
    this.containers = containers;
    this.settings = settings;
    this.audit = audit;
    this.recorder = recorder;
    this.ending = new Ending(settings.grace());
    this.farewell = new Farewell(live, ending, settings.grace());
    this.overdue = new Overdue(settings);
    this.keeping = new Keeping(kept);
    this.resumption = new Resumption(kept, new Found());
  }

  @Override
  public Session open(SessionRequest request, SessionStreams streams)
      throws SessionRefusedException, ContainerException {
    List<String> words = request.process().command();
    if (words.get(0).equals(PersonsCommand.NAME) && request.verb() == SessionRequest.Verb.EXEC) {
      return commanded(request, words.subList(1, words.size()), streams);
    }
    DebugContainer container =
        containers
            .container(request.containerId())
            .orElseThrow(
                () ->
                    new ContainerException(
                        "there is no debug container %s, or it has ended"
                            .formatted(request.containerId())));
    LiveSession session = admitted(request, streams);
    try {
      ContainerProcess process =
          switch (request.verb()) {
            case EXEC -> container.exec(session.process(), session.output());
            case ATTACH -> container.attach(session.output());
          };
      session.started(process);
      if (session.survives()) {
        keeping.begin(session, container, process);
      }
      return session;
    } catch (ContainerException | RuntimeException e) {
      ended(session, new ExitStatus.Failed(NOT_STARTED, "not started: " + e.getMessage()));
      throw e;
    }
  }

  private Session commanded(SessionRequest request, List<String> words, SessionStreams streams)
      throws SessionRefusedException {
    Asker asker = Asker.at(request);
    PersonsCommand.Outcome outcome = command.run(words, asker);
    if (outcome instanceof PersonsCommand.Outcome.Enter enter) {
      return generations.join(enter.request(), streams);
    }
    return AnsweredSession.of((PersonsCommand.Outcome.Text) outcome, request, streams);
  }

  private LiveSession admitted(SessionRequest request, SessionStreams streams)
      throws SessionRefusedException {
    LiveSession session;
    synchronized (live) {
      Optional<String> refusal = ending.closedBy().or(this::tooMany).or(recorder::refusal);
      if (refusal.isPresent()) {
        audit.refused(request, refusal.get());
        throw new SessionRefusedException(refusal.get());
      }
      session =
          live.add(
              id -> recorder.recordings().has(id) || generations.earlier(id).isPresent(),
              id -> new LiveSession(Beginning.now(id, token()), request, streams, this, settings));
    }
    Optional<String> unrecorded = recorder.begin(session);
    if (unrecorded.isPresent()) {
      live.remove(session);
      audit.refused(request, unrecorded.get());
      throw new SessionRefusedException(unrecorded.get());
    }
    audit.opened(session);
    if (session.isTerminal()) {
      ending.standing(System.nanoTime()).ifPresent(session.output()::leaveNotice);
    }
    ticker.need();
    return session;
  }

  private Optional<String> tooMany() {
    int open = generations.sessions().size();
    if (open < settings.limits().sessions()) {
      return Optional.empty();
    }
    return Optional.of(
        "%d sessions are open, and no more are allowed: end one of them ('lifeline sessions', 'lifeline end ID'), or raise sessions.max in etc/%s.cfg"
            .formatted(open, EngineSettings.PID));
  }

  private String token() {
    byte[] bytes = new byte[12];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public Session join(JoinRequest request, SessionStreams streams) throws SessionRefusedException {
    return join(request, streams, Optional.empty());
  }

  private JoinedSession join(
      JoinRequest request, SessionStreams streams, Optional<LiveSession> from)
      throws SessionRefusedException {
    LiveSession target;
    synchronized (live) {
      Optional<LiveSession> found = live.of(request.sessionId());
      Optional<String> refusal = unfit(request, found, from);
      if (refusal.isPresent()) {
        audit.refused(request, refusal.get());
        throw new SessionRefusedException(refusal.get());
      }
      // Nobody joins it from now on, so no two can show each other.
      from.ifPresent(LiveSession::leaves);
      target = found.orElseThrow();
    }
    Viewer viewer = new Viewer(streams, request.mode());
    try {
      JoinedSession joined = target.join(request, viewer);
      from.ifPresent(asker -> asker.goElsewhere(joined));
      audit.joined(target, request);
      viewer.start(target.id());
      return joined;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SessionRefusedException(request.sessionId() + " was not joined: interrupted");
    }
  }

  private Optional<String> unfit(
      JoinRequest request, Optional<LiveSession> target, Optional<LiveSession> from) {
    String id = request.sessionId();
    if (target.isEmpty() && generations.earlier(id).isPresent()) {
      return Optional.of(
          "%s was opened before the agent was upgraded: join it by kubectl exec -it".formatted(id));
    }
    if (target.isEmpty()) {
      return Optional.of(
          "there is no session '%s': 'lifeline sessions' shows who is in".formatted(id));
    }
    if (target.equals(from)) {
      return Optional.of("this is %s".formatted(id));
    }
    if (!target.get().isTerminal()) {
      return Optional.of("%s has no terminal that could be shared".formatted(id));
    }
    if (target.get().isElsewhere()) {
      return Optional.of("%s shows another session now: join that one".formatted(id));
    }
    if (live.viewers() >= settings.limits().viewers()) {
      return Optional.of(
          "%d terminals have joined or watch, and no more are allowed: viewers.max in etc/%s.cfg"
              .formatted(live.viewers(), EngineSettings.PID));
    }
    return Optional.empty();
  }

  @Override
  public void asked(LiveSession session, String words) throws IOException, InterruptedException {
    Asker asker = Asker.in(session);
    List<String> list =
        Arrays.stream(words.split(" ", -1)).filter(word -> !word.isEmpty()).toList();
    PersonsCommand.Outcome outcome = command.run(list, asker);
    if (outcome instanceof PersonsCommand.Outcome.Enter enter) {
      enter(session, enter.request());
    } else if (outcome instanceof PersonsCommand.Outcome.Text text) {
      session.tell(text.text());
      session.answered(text.code() == 0);
    }
  }

  private void enter(LiveSession session, JoinRequest request)
      throws IOException, InterruptedException {
    try {
      join(request, new Elsewhere(session), Optional.of(session));
    } catch (SessionRefusedException e) {
      session.tell(e.getMessage() + "\n");
      session.back(false);
    }
  }

  private String stay(Asker asker) {
    boolean may = ending.mayStay();
    String answer = ending.stay(asker.name());
    if (may) {
      broadcast(answer);
      return "granted";
    }
    return answer;
  }

  @Override
  public void detached(LiveSession session) {
    audit.detached(session);
    List<LiveSession> alone = live.alone();
    alone.stream()
        .limit(Math.max(0, alone.size() - settings.detached().most()))
        .forEach(
            longest ->
                longest.close(
                    "more than %d shells were left alone".formatted(settings.detached().most())));
    ticker.need();
  }

  @Override
  public void left(LiveSession session, JoinedSession who, String how) {
    audit.left(session, who.request(), how);
  }

  @Override
  public void ended(LiveSession session, ExitStatus status) {
    if (live.remove(session)) {
      keeping.over(session);
      recorder.finished(session);
      audit.ended(session, status);
    }
  }

  @Override
  public List<SessionInfo> sessions() {
    return live.all().stream().map(LiveSession::info).toList();
  }

  @Override
  public void broadcast(String line) {
    Told.all(line, live.all());
  }

  @Override
  public boolean end(String sessionId, Identity by, String why) {
    Optional<LiveSession> session = live.of(sessionId);
    session.ifPresent(
        found -> {
          Told.all("this session is " + why, List.of(found));
          found.close(why);
        });
    return session.isPresent();
  }

  /** Once a second, while there are sessions. */
  private boolean tick() {
    List<LiveSession> sessions = live.all();
    ending.due(System.nanoTime()).ifPresent(line -> Told.all(line, live.terminals()));
    sessions.forEach(overdue::end);
    return recorder.look(sessions) || !sessions.isEmpty();
  }

  @Override
  public void endsAt(long endNanos, String what) {
    ending.at(endNanos, what);
  }

  @Override
  public void endAllGently(String cause, Duration within) {
    endAllGently(cause, within, () -> false);
  }

  @Override
  public boolean endAllGently(String cause, Duration within, BooleanSupplier calledOff) {
    return farewell.gently(cause, within, calledOff);
  }

  @Override
  public void endAll(String line, Duration within) {
    farewell.now(line, within);
  }

  @Override
  public List<Recording> recordings() {
    return recorder.recordings().all();
  }

  @Override
  public boolean replay(String id, Player player) throws IOException, InterruptedException {
    Optional<Recording> found =
        recordings().stream().filter(recording -> recording.id().equals(id)).findFirst();
    if (found.isPresent()) {
      CastReader.play(found.get().file(), player);
    }
    return found.isPresent();
  }

  /** Takes up the shells that an earlier life of the agent left. Blocks for a moment. */
  void resume() {
    resumption.run();
  }

  private final class Found implements Resumption.Engine {

    @Override
    public Optional<DebugContainer> container(String id) throws ContainerException {
      return containers.container(id);
    }

    @Override
    public LiveSession listed(KeptSession kept) {
      LiveSession session = LiveSession.resumed(kept, LiveSessions.this, settings);
      live.add(session);
      recorder.resume(session);
      return session;
    }

    @Override
    public void resumed(LiveSession session) {
      detached(session);
    }

    @Override
    public void ended(LiveSession session, ExitStatus status) {
      LiveSessions.this.ended(session, status);
    }
  }

  @Override
  public void admit() {
    ending.admitted();
  }

  /** All sessions, also those that live in engines that were replaced. */
  Generations generations() {
    return generations;
  }

  /** They live on as they are, and are looked after until the last has ended; then this is run. */
  void whenOver(Runnable over) {
    live.whenEmpty(over);
  }
}

package io.lifeline.ssh.server;

import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.PtyMode;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session channel: a shell, a command, or a refusal that says why.
 *
 * <p>Requests come on the connection's thread, which never waits; the session is opened on the
 * door's own threads and speaks on the engine's.
 */
final class DebugChannel extends ChannelSession implements SessionStreams {

  private static final Logger LOG = LoggerFactory.getLogger(DebugChannel.class);
  private static final Map<String, Pattern> ENVIRONMENT =
      Map.of(
          "TERM", Pattern.compile("[A-Za-z0-9+._-]{1,64}"),
          "LANG", Pattern.compile("[A-Za-z0-9._@-]{1,64}"));
  private static final int FAILED = 255;

  private final Shells shells;
  private final CommandLine commands;
  private final Executor beginnings;
  private final Executor inputs;
  private final ChannelOutput output = new ChannelOutput(this);
  private final ChannelInput input = new ChannelInput(this::windowOpens);
  private final Map<String, String> environment = new TreeMap<>();
  private final StringBuilder remarks = new StringBuilder();
  private boolean terminal;
  private Optional<TerminalSize> size = Optional.empty();
  private @Nullable Runnable beginning;
  private @Nullable Session session;
  private boolean closedByClient;
  private boolean gone;

  /**
   * @param threads begin sessions, which may hang with the worker's runtime; the one that keeps
   *     time wakes the input of those that have begun, and never waits
   */
  DebugChannel(Shells shells, CommandLine commands, DoorThreads threads) {
    super(List.of());
    this.shells = shells;
    this.commands = commands;
    this.beginnings = threads.sessions();
    this.inputs = threads.timer();
    setDataReceiver(input);
    addCloseFutureListener(future -> clientGone());
  }

  // What the client asks for.

  @Override
  protected RequestHandler.Result handleEnvParsed(String name, String value) {
    Pattern allowed = ENVIRONMENT.get(name);
    if (allowed == null || !allowed.matcher(value).matches()) {
      return RequestHandler.Result.ReplyFailure;
    }
    environment.put(name, value);
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected RequestHandler.Result handlePtyReqParsed(
      String term, int columns, int rows, int width, int height, Map<PtyMode, Integer> modes) {
    if (!person().restrictions().terminal()) {
      remark("a terminal is not allowed by your key");
      return RequestHandler.Result.ReplyFailure;
    }
    terminal = true;
    if (term.isEmpty() || handleEnvParsed("TERM", term) == RequestHandler.Result.ReplyFailure) {
      environment.put("TERM", "xterm");
    }
    size = size(columns, rows);
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected RequestHandler.Result handleWindowChangeParsed(
      int columns, int rows, int width, int height) {
    Optional<TerminalSize> changed = size(columns, rows);
    Session live;
    synchronized (this) {
      size = changed.isPresent() ? changed : size;
      live = session;
    }
    if (live != null) {
      changed.ifPresent(live::resize);
    }
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected RequestHandler.Result handleSignalParsed(String name) {
    Session live = live();
    if (live == null || Signals.number(name).isEmpty()) {
      return RequestHandler.Result.ReplyFailure;
    }
    live.signal(Signals.number(name).getAsInt());
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected RequestHandler.Result handleBreakParsed(long length) {
    return handleSignalParsed("INT");
  }

  @Override
  protected RequestHandler.Result handleShellParsed(String request) {
    return begin(person().restrictions().command());
  }

  @Override
  protected RequestHandler.Result handleExecParsed(String request, String line) {
    return begin(Optional.of(person().restrictions().command().orElse(line)));
  }

  /** Accepted, to say why on stderr: a refused request has no text. */
  @Override
  protected RequestHandler.Result handleSubsystemParsed(String request, String subsystem) {
    Person person = person();
    beginning =
        () ->
            refuse(
                person,
                subsystem.equals("sftp")
                    ? CommandLine.NO_COPY
                    : "there is no subsystem '%s' here".formatted(Person.printable(subsystem)));
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected RequestHandler.Result handleAgentForwardingParsed(String request) {
    remark("your agent is not forwarded: " + Forwarding.WHY);
    return RequestHandler.Result.ReplyFailure;
  }

  @Override
  protected RequestHandler.Result handleX11Forwarding(
      String request, Buffer buffer, boolean wantReply) {
    remark("X11 is not forwarded: " + Forwarding.WHY);
    return RequestHandler.Result.ReplyFailure;
  }

  // How it begins.

  private RequestHandler.Result begin(Optional<String> line) {
    // Taken now: a client that does not wait is gone when it begins, and its connection forgets
    // him.
    Person person = person();
    Optional<String> refusal = line.flatMap(CommandLine::refusal);
    if (refusal.isPresent()) {
      beginning = () -> refuse(person, refusal.get());
      return RequestHandler.Result.ReplySuccess;
    }
    List<String> command = shells.command(commands, line);
    beginning = () -> open(person, command);
    return RequestHandler.Result.ReplySuccess;
  }

  /** After the reply has gone: what the process says must not come before it. */
  @Override
  protected IoWriteFuture sendResponse(
      Buffer buffer, String request, RequestHandler.Result result, boolean wantReply)
      throws IOException {
    final IoWriteFuture sent = super.sendResponse(buffer, request, result, wantReply);
    Runnable next = beginning;
    beginning = null;
    if (next != null) {
      try {
        beginnings.execute(next);
      } catch (RejectedExecutionException e) {
        finish(new ExitStatus.Failed(FAILED, "too many sessions are being opened: try again"));
      }
    }
    return sent;
  }

  private void open(Person person, List<String> command) {
    ProcessSpec process =
        new ProcessSpec(command, Map.copyOf(environment), true, terminal, currentSize());
    try {
      say(Forwarding.remarks(getServerSession()) + remarks + shells.notice(person));
      Session opened = shells.open(person, process, this);
      boolean late;
      synchronized (this) {
        session = opened;
        late = gone;
      }
      if (late) {
        leave(opened);
        return;
      }
      currentSize()
          .filter(now -> !process.size().equals(Optional.of(now)))
          .ifPresent(opened::resize);
      input.open(opened);
    } catch (SessionRefusedException e) {
      finish(new ExitStatus.Failed(FAILED, e.getMessage()));
    } catch (ContainerException e) {
      finish(new ExitStatus.Failed(FAILED, e.getMessage()));
    } catch (IOException e) {
      LOG.debug("An SSH client went while its session was opened", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("An SSH session could not be opened", e);
      finish(new ExitStatus.Failed(FAILED, "the session could not be opened: see the agent's log"));
    }
  }

  private void refuse(Person person, String why) {
    LOG.info("SSH: {} is refused: {}", person.identity().name(), why);
    finish(new ExitStatus.Failed(1, why));
  }

  // What the process says.

  @Override
  public void stdout(ByteBuffer bytes) throws IOException, InterruptedException {
    output.stdout(bytes);
  }

  @Override
  public void stderr(ByteBuffer bytes) throws IOException, InterruptedException {
    output.stderr(bytes);
  }

  @Override
  public void inputWanted() {
    try {
      inputs.execute(input::offer);
    } catch (RejectedExecutionException e) {
      LOG.debug("The door has closed; nobody's input is awaited any more", e);
    }
  }

  @Override
  public void ended(ExitStatus status) {
    finish(status);
  }

  private void finish(ExitStatus status) {
    try {
      if (status instanceof ExitStatus.Failed failed && !failed.message().isBlank()) {
        say("lifeline: %s\n".formatted(failed.message()));
      }
      sendEof();
      Optional<String> signal =
          status instanceof ExitStatus.Signalled signalled
              ? Signals.name(signalled.signal())
              : Optional.empty();
      if (signal.isPresent()) {
        sendExitSignal(signal.get());
      } else {
        sendExitStatus(status.shellCode());
      }
    } catch (IOException e) {
      LOG.debug("An SSH client went before it heard the end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      synchronized (this) {
        gone = true;
      }
      close(false);
    }
  }

  private void sendExitSignal(String name) throws IOException {
    Buffer buffer = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, Long.SIZE);
    buffer.putUInt(getRecipient());
    buffer.putString("exit-signal");
    buffer.putBoolean(false);
    buffer.putString(name);
    buffer.putBoolean(false);
    buffer.putString("");
    buffer.putString("");
    writePacket(buffer);
  }

  /** On stderr; the terminal over there is raw. Nobody waits for a client that takes nothing. */
  private void say(String text) throws IOException, InterruptedException {
    String lines = terminal ? text.replace("\n", "\r\n") : text;
    byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && bytes.length <= getRemoteWindow().getSize()) {
      output.stderr(ByteBuffer.wrap(bytes));
    }
  }

  private void remark(String what) {
    remarks.append("lifeline: ").append(what).append('\n');
  }

  // How it ends.

  @Override
  public void handleEof() throws IOException {
    super.handleEof();
    input.end();
  }

  /** The client closed the channel: that was meant. */
  @Override
  public void handleClose() throws IOException {
    synchronized (this) {
      closedByClient = true;
    }
    super.handleClose();
  }

  private void clientGone() {
    Session live;
    synchronized (this) {
      if (gone) {
        return;
      }
      gone = true;
      live = session;
    }
    if (live != null) {
      leave(live);
    }
  }

  private void leave(Session live) {
    boolean meant;
    synchronized (this) {
      meant = closedByClient;
    }
    if (meant || Connections.saidGoodbye(getSession())) {
      live.close();
    } else {
      live.lost();
    }
  }

  private synchronized @Nullable Session live() {
    return session;
  }

  private synchronized Optional<TerminalSize> currentSize() {
    return size;
  }

  private static Optional<TerminalSize> size(int columns, int rows) {
    return columns < 1 || columns > 65535 || rows < 1 || rows > 65535
        ? Optional.empty()
        : Optional.of(new TerminalSize(columns, rows));
  }

  private Person person() {
    ServerSession connection = getServerSession();
    Person person = connection.getAttribute(Person.KEY);
    if (person == null) {
      throw new IllegalStateException("nobody has come in by this connection");
    }
    return person;
  }

  private void windowOpens(int bytes) {
    try {
      getLocalWindow().release(bytes);
    } catch (IOException e) {
      LOG.debug("An SSH client went while its window was opened", e);
    }
  }
}

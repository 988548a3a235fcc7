package io.lifeline.kubelet.server;

import io.fabric8.kubernetes.api.model.Container;
import io.lifeline.kubelet.api.StreamTarget;
import io.lifeline.kubelet.api.StreamTarget.PortForward;
import io.lifeline.kubelet.api.StreamTarget.RemoteCommand;
import io.lifeline.kubelet.api.StreamTarget.Verb;
import io.lifeline.security.api.Identity;
import io.lifeline.session.api.Door;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionStreams;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Exec, attach, run and port-forward: from a query to a session. */
final class Commands {

  /** Containerd gives the same to a process on a terminal. */
  private static final Map<String, String> TERMINAL = Map.of("TERM", "xterm");

  private final Containers containers;
  private final Seam<SessionEngine> sessions;
  private final Executor executor;

  Commands(Containers containers, Seam<SessionEngine> sessions, Executor executor) {
    this.containers = containers;
    this.sessions = sessions;
    this.executor = executor;
  }

  StreamTarget command(Route.Command route, Query query, Identity who) throws RefusedException {
    boolean stdin = query.flag("input");
    boolean stdout = query.flag("output");
    boolean stderr = query.flag("error");
    boolean tty = query.flag("tty");
    if (tty && stderr) {
      throw bad("tty and stderr cannot both be true: a terminal has one output");
    }
    if (!stdin && !stdout && !stderr) {
      throw bad("you must specify at least 1 of stdin, stdout, stderr");
    }
    Containers.Found found = containers.running(route.path());
    List<String> command = route.attach() ? mainProcess(found.description()) : query.all("command");
    if (command.isEmpty()) {
      throw bad("you must specify a command");
    }
    SessionEngine engine = sessions.orRefuse(HttpResponseStatus.SERVICE_UNAVAILABLE);
    SessionRequest request =
        new SessionRequest(
            found.container().id(),
            Door.KUBELET,
            who,
            route.attach() ? SessionRequest.Verb.ATTACH : SessionRequest.Verb.EXEC,
            new ProcessSpec(command, tty ? TERMINAL : Map.of(), stdin, tty, Optional.empty()));
    return new RemoteCommand(
        route.attach() ? Verb.ATTACH : Verb.EXEC,
        route.attach() ? List.of() : command,
        stdin,
        stdout,
        stderr,
        tty,
        streams -> open(engine, request, streams));
  }

  private static List<String> mainProcess(Container description) {
    List<String> command = new ArrayList<>(description.getCommand());
    command.addAll(description.getArgs());
    return command.isEmpty() ? List.of("main process") : command;
  }

  private CompletionStage<Session> open(
      SessionEngine engine, SessionRequest request, SessionStreams streams) {
    CompletableFuture<Session> opened = new CompletableFuture<>();
    try {
      executor.execute(
          () -> {
            try {
              opened.complete(engine.open(request, streams));
            } catch (Exception e) {
              opened.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      opened.completeExceptionally(
          new SessionRefusedException("too many sessions are being opened: try again"));
    }
    return opened;
  }

  StreamTarget forward(Route.Forward route, Query query) throws RefusedException {
    PodPath path = route.path();
    containers.pod(path);
    List<Integer> ports = new ArrayList<>();
    for (String some : query.all("port")) {
      // The API server makes one parameter of all that it was given.
      for (String port : some.split(",", -1)) {
        ports.add(port(port));
      }
    }
    return new PortForward(path.namespace() + "/" + path.pod(), ports);
  }

  private static int port(String text) throws RefusedException {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw bad("port=%s: it must be from 1 to 65535".formatted(text));
    }
    throw bad("port=%s: it must be from 1 to 65535".formatted(text));
  }

  /** The command is one parameter, its words parted by spaces: so it is with the kubelet. */
  Answer run(Route.Run route, Query query, Identity who) throws RefusedException {
    List<String> command =
        query.all("cmd").stream()
            .flatMap(text -> Arrays.stream(text.split(" ", -1)))
            .filter(word -> !word.isEmpty())
            .toList();
    if (command.isEmpty()) {
      throw bad("you must specify cmd");
    }
    Containers.Found found = containers.running(route.path());
    SessionEngine engine = sessions.orRefuse(HttpResponseStatus.SERVICE_UNAVAILABLE);
    RunOutput output = new RunOutput();
    CompletionStage<Session> session =
        open(
            engine,
            new SessionRequest(
                found.container().id(),
                Door.KUBELET,
                who,
                SessionRequest.Verb.EXEC,
                new ProcessSpec(command, Map.of(), false, false, Optional.empty())),
            output);
    session.whenComplete(
        (opened, failure) -> {
          if (failure != null) {
            output.ended(new ExitStatus.Failed(255, String.valueOf(failure.getMessage())));
          }
        });
    return new Answer.Later(output.answer(), () -> session.thenAccept(Session::close));
  }

  private static RefusedException bad(String why) {
    return new RefusedException(HttpResponseStatus.BAD_REQUEST, why);
  }
}

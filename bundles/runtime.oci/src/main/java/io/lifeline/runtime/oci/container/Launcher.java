package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.linux.Child;
import io.lifeline.runtime.oci.linux.ConsoleSocket;
import io.lifeline.runtime.oci.linux.Fd;
import io.lifeline.runtime.oci.linux.Pipe;
import io.lifeline.runtime.oci.process.ProcessIo;
import io.lifeline.runtime.oci.process.StandardPipes;
import io.lifeline.runtime.oci.tool.Tool;
import io.lifeline.runtime.oci.tool.ToolException;
import io.lifeline.runtime.oci.tool.ToolRunner;
import io.lifeline.session.api.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a process through an OCI runtime, detached: the runtime goes away and the process stays,
 * adopted by this one, with pipes or a terminal whose other side is ours.
 */
final class Launcher {

  /** A process that runs, and this side of its streams. */
  record Launched(Child child, ProcessIo io) {

    /** Nobody takes it over. */
    void abandon() {
      child.signalGroup(SIGKILL);
      io.close();
      child.close();
    }
  }

  private static final int SIGKILL = 9;

  /** What a runtime leaves: the process's number, its own log. */
  private record Traces(Path pid, Path log) {}

  private static final int TERMINAL_MILLIS = 2000;

  private final State state;
  private final ToolRunner runner;
  private final Awaited awaited;

  Launcher(State state, ToolRunner runner, Awaited awaited) {
    this.state = state;
    this.runner = runner;
    this.awaited = awaited;
  }

  /**
   * @param directory where the files of this launch may be, for as long as it takes
   * @param words the verb with its own arguments, {@code --bundle} or {@code --process}
   * @param tty whether the process has a terminal
   * @param stdin whether it has an input
   * @throws ToolException when the runtime could not; the message is what it said
   */
  Launched launch(
      Tool tool, String id, Path directory, List<String> words, boolean tty, boolean stdin)
      throws IOException, InterruptedException {
    String name = state.nextName();
    Path pidFile = directory.resolve(name + ".pid");
    Path log = directory.resolve(name + ".log");
    List<String> arguments = new ArrayList<>(words.size() + 12);
    arguments.addAll(List.of("--root", state.worker(state.runtime())));
    arguments.addAll(List.of("--log", state.worker(log), "--log-format", "json"));
    arguments.add(words.get(0));
    arguments.addAll(List.of("--detach", "--pid-file", state.worker(pidFile)));
    arguments.addAll(words.subList(1, words.size()));
    try {
      return tty
          ? withTerminal(tool, id, name, arguments, new Traces(pidFile, log))
          : withPipes(tool, id, arguments, stdin, new Traces(pidFile, log));
    } finally {
      Files.deleteIfExists(pidFile);
      Files.deleteIfExists(log);
    }
  }

  private Launched withTerminal(
      Tool tool, String id, String name, List<String> arguments, Traces files)
      throws IOException, InterruptedException {
    Path path = state.console(name);
    try (ConsoleSocket console = new ConsoleSocket(path);
        Pipe words = Pipe.open();
        Fd nothing = Fd.openToRead("/dev/null")) {
      arguments.addAll(List.of("--console-socket", state.worker(path), id));
      ExitStatus status = runner.run(tool, arguments, nothing, words.in(), words.in());
      check(status, files.log(), words.out());
      return launched(files.pid(), ProcessIo.terminal(console.receive(TERMINAL_MILLIS)));
    }
  }

  private Launched withPipes(
      Tool tool, String id, List<String> arguments, boolean stdin, Traces files)
      throws IOException, InterruptedException {
    arguments.add(id);
    try (StandardPipes pipes = StandardPipes.open(stdin)) {
      ExitStatus status =
          runner.run(tool, arguments, pipes.stdin(), pipes.stdout(), pipes.stderr());
      // What the pipes hold is the runtime's own complaint when the process did not start.
      check(status, files.log(), pipes.complaints());
      return launched(files.pid(), pipes.taken());
    }
  }

  private void check(ExitStatus status, Path log, Fd words) throws IOException {
    if (status.shellCode() != 0) {
      throw ToolRunner.refusal(status, log, words);
    }
  }

  private Launched launched(Path pidFile, ProcessIo io) throws IOException {
    int pid = Integer.parseInt(Files.readString(pidFile).strip());
    awaited.add(pid);
    return new Launched(new Child(pid), io);
  }
}

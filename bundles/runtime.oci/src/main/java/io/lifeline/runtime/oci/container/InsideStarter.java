package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.linux.Child;
import io.lifeline.runtime.oci.linux.Command;
import io.lifeline.runtime.oci.linux.Fd;
import io.lifeline.runtime.oci.linux.Namespaces;
import io.lifeline.runtime.oci.linux.Starter;
import io.lifeline.runtime.oci.linux.Terminal;
import io.lifeline.runtime.oci.process.ProcessIo;
import io.lifeline.runtime.oci.process.StandardPipes;
import io.lifeline.runtime.oci.tool.Cgroup;
import io.lifeline.runtime.oci.tool.CgroupMounts;
import io.lifeline.session.api.ProcessSpec;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts processes in a running container without its runtime: a thread that lives in the
 * container's namespaces does it. Ten times as quick, because what a runtime spends its time on,
 * entering a cgroup, has been done once; and it works when the runtime no longer does.
 *
 * <p>Only where nothing is lost by it: the container is privileged, so the process has what the
 * agent has; where single threads cannot be in a cgroup of their own (v2) the process is moved
 * after its start, and so that is for when the runtime fails.
 */
final class InsideStarter implements Way, Closeable {

  private static final int SIGKILL = 9;

  private final Cgroup cgroup;
  private final Path containerRoot;
  private final Awaited awaited;
  private final Duration limit;
  private final OciConfig config;
  private final Starter starter;
  private final boolean threadsAreFree;

  InsideStarter(Means means, ContainerRecord record, OciConfig config) {
    Path root = means.state().root();
    this.cgroup = new Cgroup(record.spec().id(), root);
    this.containerRoot = Path.of("/proc", Integer.toString(record.pid()), "root");
    this.awaited = means.awaited();
    this.limit = means.limits().start();
    this.config = config;
    this.threadsAreFree = CgroupMounts.of(root).threadsAreFree(root);
    this.starter =
        new Starter(
            "lifeline-starter-" + record.spec().id(),
            () -> Namespaces.ofProcess(record.pid(), threadsAreFree ? cgroup.beside() : List.of()),
            means.oomScore());
  }

  /** Whether it is as good as the runtime: processes are born into the container's cgroup. */
  boolean isPreferred() {
    return threadsAreFree;
  }

  @Override
  public String description() {
    return "the agent";
  }

  @Override
  public Launcher.Launched start(ProcessSpec process) throws IOException, InterruptedException {
    List<String> environment = config.environment(process);
    Launcher.Launched launched =
        process.tty() ? onTerminal(process, environment) : onPipes(process, environment);
    awaited.add(launched.child().pid());
    return launched;
  }

  private Launcher.Launched onTerminal(ProcessSpec process, List<String> environment)
      throws IOException, InterruptedException {
    Fd master = Terminal.open(containerRoot.resolve("dev/pts/ptmx"));
    boolean started = false;
    try {
      // Before the start: the process may ask for it at once.
      process.size().ifPresent(size -> Terminal.resize(master, size));
      String slave = "/dev/pts/" + Terminal.number(master);
      Child child = started(process, environment, new Command.Streams.OnTerminal(slave));
      started = true;
      return new Launcher.Launched(child, ProcessIo.terminal(master));
    } finally {
      if (!started) {
        master.close();
      }
    }
  }

  private Launcher.Launched onPipes(ProcessSpec process, List<String> environment)
      throws IOException, InterruptedException {
    try (StandardPipes pipes = StandardPipes.open(process.stdin())) {
      Child child =
          started(
              process,
              environment,
              new Command.Streams.Pipes(pipes.stdin(), pipes.stdout(), pipes.stderr()));
      return new Launcher.Launched(child, pipes.taken());
    }
  }

  private Child started(ProcessSpec process, List<String> environment, Command.Streams streams)
      throws IOException, InterruptedException {
    int pid =
        starter.start(
            new Command(
                paths(process.command().get(0), environment),
                process.command(),
                environment,
                streams),
            limit);
    Child child = new Child(pid);
    if (!threadsAreFree) {
      moved(child);
    }
    return child;
  }

  /**
   * A process that has this as its standard input and sleeps, for as long as the container is
   * there.
   *
   * @return its number; it is a child of this process
   */
  int holding(Fd held) throws IOException, InterruptedException {
    ProcessSpec sleep =
        new ProcessSpec(List.of("sleep", "infinity"), Map.of(), false, false, Optional.empty());
    List<String> environment =
        config.environment(sleep).stream().filter(line -> line.startsWith("PATH=")).toList();
    try (Fd nothing = Fd.open("/dev/null");
        Child child =
            started(sleep, environment, new Command.Streams.Pipes(held, nothing, nothing))) {
      return child.pid();
    }
  }

  private void moved(Child child) throws IOException {
    try {
      cgroup.join(child.pid());
    } catch (IOException e) {
      if (child.ended().isEmpty()) {
        // Outside of the cgroup it would not be found at the container's end.
        child.signalGroup(SIGKILL);
        child.close();
        throw e;
      }
    }
  }

  /** Where a program may be, by the PATH that it is given. */
  static List<String> paths(String program, List<String> environment) {
    if (program.contains("/")) {
      return List.of(program);
    }
    return environment.stream()
        .filter(variable -> variable.startsWith("PATH="))
        .flatMap(variable -> Arrays.stream(variable.substring("PATH=".length()).split(":", -1)))
        .filter(directory -> directory.startsWith("/"))
        .map(directory -> directory + "/" + program)
        .toList();
  }

  /** Its thread leaves the container, whose mounts it would keep. */
  @Override
  public void close() {
    starter.close();
  }
}

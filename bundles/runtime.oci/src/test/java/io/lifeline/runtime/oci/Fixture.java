package io.lifeline.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lifeline.config.Settings;
import io.lifeline.runtime.oci.container.Containers;
import io.lifeline.runtime.oci.container.ExecBy;
import io.lifeline.runtime.oci.container.State;
import io.lifeline.runtime.oci.linux.NativeLibraries;
import io.lifeline.runtime.oci.linux.OomScore;
import io.lifeline.runtime.oci.linux.Subreaper;
import io.lifeline.runtime.oci.rootfs.Rootfs;
import io.lifeline.runtime.oci.rootfs.WorkerTree;
import io.lifeline.runtime.oci.tool.ToolRunner;
import io.lifeline.runtime.oci.tool.Tools;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerInput;
import io.lifeline.session.api.ContainerSpec;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.LogReader;
import io.lifeline.session.api.ProcessSpec;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A runtime on this machine, with a tmpfs of its own that is gone afterwards. */
public final class Fixture implements AutoCloseable {

  public final Path state;
  public final Containers containers;
  private final String runtimes;
  public final Path root;
  private final ExecBy execBy;
  private final boolean mounted;
  private final ToolRunner runner;

  // Several fixtures of one test may share a tmpfs.
  /** More than this process has: less may be forbidden here. */
  static final int OOM_SCORE = 7;

  private static final AtomicInteger NEXT = new AtomicInteger();

  public Fixture(String runtimes, ExecBy execBy) throws IOException {
    this(runtimes, execBy, Path.of("/"), Path.of(""));
  }

  /** One whose worker's root is seen somewhere else; the tmpfs is then below it. */
  public Fixture(String runtimes, ExecBy execBy, Path root, Path below) throws IOException {
    needRoot();
    for (String runtime : runtimes.split(",", -1)) {
      assumeTrue(
          runtime.startsWith("/")
              || Files.exists(Path.of("/usr/sbin", runtime))
              || Files.exists(Path.of("/usr/bin", runtime)),
          "skipped: " + runtime + " is not installed");
    }
    this.runtimes = runtimes;
    this.root = root;
    this.execBy = execBy;
    mounted = below.toString().isEmpty();
    if (mounted) {
      state = Files.createTempDirectory(Path.of("/run"), "lt");
      run("mount", "-t", "tmpfs", "-o", "size=64m,mode=0755", "lifeline-test", state.toString());
    } else {
      state = below;
    }
    NativeLibraries.load(state);
    Subreaper.adopt();
    RuntimeSettings settings =
        RuntimeSettings.of(
            Settings.of(
                RuntimeSettings.PID,
                Map.of(
                    "runtimes",
                    runtimes,
                    "optional",
                    "ls,cat,id,env,tty,stty,true,false,head",
                    "start.limit",
                    "3s"),
                Map.of()));
    WorkerTree tree = new WorkerTree(root);
    OomScore oomScore = new OomScore(OptionalInt.of(OOM_SCORE));
    runner = new ToolRunner(root, settings.limits().start(), oomScore);
    containers =
        new Containers(
            new State(root, state),
            new Rootfs(tree, state, settings.rootfs()),
            new Tools(tree, runner, settings.runtimes(), settings.path()),
            runner,
            settings.limits(),
            execBy,
            oomScore,
            Clock.systemUTC());
  }

  static void needRoot() {
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "skipped: creating containers needs root");
  }

  /** The agent's next life, on the same tmpfs. */
  public Fixture another() throws IOException {
    return new Fixture(runtimes, execBy, root, state);
  }

  public DebugContainer create(String... command) throws ContainerException {
    return create(false, false, command);
  }

  public DebugContainer create(boolean tty, boolean stdin, String... command)
      throws ContainerException {
    return create(tty, stdin ? ContainerInput.OPEN : ContainerInput.NONE, command);
  }

  public DebugContainer create(boolean tty, ContainerInput input, String... command)
      throws ContainerException {
    return containers.create(
        new ContainerSpec(
            "t%d-%d".formatted(ProcessHandle.current().pid(), NEXT.incrementAndGet()),
            "w2",
            List.of(command),
            Map.of("FROM_POD", "yes"),
            "/host",
            tty,
            input));
  }

  public static ProcessSpec command(String... command) {
    return new ProcessSpec(List.of(command), Map.of(), true, false, Optional.empty());
  }

  public static ProcessSpec terminal(String... command) {
    return new ProcessSpec(List.of(command), Map.of(), true, true, Optional.empty());
  }

  static void run(String... command) throws IOException {
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Waits for what must come about soon. */
  static void until(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("it did not come about in time").isLessThan(end);
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** How many processes have this command line. */
  static long running(String commandLine) {
    String wanted = commandLine.replace(' ', '\0') + "\0";
    return ProcessHandle.allProcesses()
        .filter(
            process -> {
              try {
                return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .equals(wanted);
              } catch (IOException e) {
                return false;
              }
            })
        .count();
  }

  static int openFiles() {
    String[] open = new File("/proc/self/fd").list();
    return open == null ? 0 : open.length;
  }

  static long threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .count();
  }

  static long mounts() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).size();
  }

  static List<Path> cgroups(String id) throws IOException {
    try (Stream<Path> tree = Files.walk(Path.of("/sys/fs/cgroup"), 3)) {
      return tree.filter(path -> path.getFileName().toString().startsWith(id)).toList();
    }
  }

  @Override
  public void close() throws IOException {
    containers.letGo();
    runner.close();
    if (mounted) {
      run("umount", "-l", state.toString());
      Files.delete(state);
    }
  }

  /** What the main process said, as its log has it. */
  static String log(DebugContainer container) {
    LogReader reader = container.logs();
    StringBuilder text = new StringBuilder();
    for (var line = reader.next(); line.isPresent(); line = reader.next()) {
      text.append(new String(line.get().bytes(), StandardCharsets.UTF_8));
    }
    return text.toString();
  }
}

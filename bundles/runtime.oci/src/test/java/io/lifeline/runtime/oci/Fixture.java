package io.lifeline.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lifeline.config.Settings;
import io.lifeline.runtime.oci.container.Containers;
import io.lifeline.runtime.oci.container.State;
import io.lifeline.runtime.oci.linux.NativeLibraries;
import io.lifeline.runtime.oci.linux.Subreaper;
import io.lifeline.runtime.oci.rootfs.Rootfs;
import io.lifeline.runtime.oci.rootfs.Trees;
import io.lifeline.runtime.oci.rootfs.WorkerTree;
import io.lifeline.runtime.oci.tool.ToolRunner;
import io.lifeline.runtime.oci.tool.Tools;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerSpec;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A runtime on this machine, with a tmpfs of its own that is gone afterwards. */
public final class Fixture implements AutoCloseable {

  public final Path state;
  public final Containers containers;
  private final ToolRunner runner;
  private int next;

  public Fixture(String runtimes) throws IOException {
    this(runtimes, Path.of("/"), Path.of(""));
  }

  /** One whose worker's root is seen somewhere else; the tmpfs is then below it. */
  public Fixture(String runtimes, Path root, Path below) throws IOException {
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "skipped: creating containers needs root");
    for (String runtime : runtimes.split(",")) {
      assumeTrue(
          Files.exists(Path.of("/usr/sbin", runtime)) || Files.exists(Path.of("/usr/bin", runtime)),
          "skipped: " + runtime + " is not installed");
    }
    if (below.toString().isEmpty()) {
      state = Files.createTempDirectory(Path.of("/run"), "lifeline-test");
      mount(state);
    } else {
      state = below;
    }
    NativeLibraries.load(state);
    Subreaper.adopt();
    RuntimeSettings settings =
        RuntimeSettings.of(
            Settings.of(
                RuntimeSettings.PID,
                Map.of("runtimes", runtimes, "optional", "ls,cat,id,env,tty,stty,true,false,head"),
                Map.of()));
    WorkerTree tree = new WorkerTree(root);
    runner = new ToolRunner(root, settings.startLimit());
    containers =
        new Containers(
            new State(root, state),
            new Rootfs(tree, state, settings.rootfs()),
            new Tools(tree, runner, settings.runtimes(), settings.path()),
            runner,
            settings.closeGrace(),
            settings.scratchMebibytes());
  }

  public DebugContainer create(String... command) throws ContainerException {
    return create(false, false, command);
  }

  public DebugContainer create(boolean tty, boolean stdin, String... command)
      throws ContainerException {
    return containers.create(
        new ContainerSpec(
            "t%d-%d".formatted(ProcessHandle.current().pid(), next++),
            "w2",
            List.of(command),
            Map.of("FROM_POD", "yes"),
            "/host",
            tty,
            stdin));
  }

  public static ProcessSpec command(String... command) {
    return new ProcessSpec(List.of(command), Map.of(), true, false, Optional.empty());
  }

  public static ProcessSpec terminal(String... command) {
    return new ProcessSpec(List.of(command), Map.of(), true, true, Optional.empty());
  }

  static void mount(Path place) throws IOException {
    run("mount", "-t", "tmpfs", "-o", "size=64m,mode=0755", "lifeline-test", place.toString());
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

  @Override
  public void close() throws IOException {
    runner.close();
    if (state.startsWith("/run")) {
      run("umount", "-l", state.toString());
      Files.delete(state);
    } else {
      Trees.remove(state);
    }
  }
}

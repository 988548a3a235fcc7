package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.linux.OomScore;
import io.lifeline.runtime.oci.linux.ProcessStat;
import io.lifeline.runtime.oci.rootfs.Rootfs;
import io.lifeline.runtime.oci.rootfs.Trees;
import io.lifeline.runtime.oci.tool.Tool;
import io.lifeline.runtime.oci.tool.ToolException;
import io.lifeline.runtime.oci.tool.ToolRunner;
import io.lifeline.runtime.oci.tool.Tools;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerRuntime;
import io.lifeline.session.api.ContainerSpec;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.EarlierContainer;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.ProcessSpec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates containers, and finds those that an earlier life of the agent left. Any thread. */
public final class Containers implements ContainerRuntime {

  private static final Logger LOG = LoggerFactory.getLogger(Containers.class);
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
  private static final Duration ENOUGH_TO_READ_PROGRAMS = Duration.ofSeconds(30);

  private final Rootfs rootfs;
  private final Tools tools;
  private final Means means;
  private final Undertaker undertaker;
  private final Map<String, OciContainer> known = new ConcurrentHashMap<>();
  private final Set<OciContainer> made =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
  private final List<EarlierContainer> earlier = new CopyOnWriteArrayList<>();

  /**
   * @param clock bears the time at which a main process said something
   */
  public Containers(
      State state,
      Rootfs rootfs,
      Tools tools,
      ToolRunner runner,
      Limits limits,
      ExecBy execBy,
      OomScore oomScore,
      Clock clock) {
    this.rootfs = rootfs;
    this.tools = tools;
    Awaited awaited = new Awaited(state.awaited());
    this.means =
        new Means(
            state,
            runner,
            new Launcher(state, runner, awaited),
            awaited,
            limits,
            execBy,
            oomScore,
            clock);
    this.undertaker = new Undertaker(awaited, () -> !known.isEmpty());
  }

  @Override
  public String description() {
    return tools.working().map(Tool::toString).orElse("no container runtime has been found yet");
  }

  @Override
  public synchronized DebugContainer create(ContainerSpec spec) throws ContainerException {
    if (!ID.matcher(spec.id()).matches()) {
      throw new ContainerException(
          "'%s' is no id for a container: at most 64 of [a-z0-9-], a letter or digit first"
              .formatted(spec.id()));
    }
    if (find(spec.id()).isPresent()) {
      throw new ContainerException(
          "a debug container %s runs already: delete it first".formatted(spec.id()));
    }
    removeLeftover(spec.id());
    try {
      return created(spec);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContainerException("the start of the debug container was interrupted", e);
    } catch (IOException e) {
      throw new ContainerException(
          "the agent's tmpfs %s cannot be written: %s"
              .formatted(means.state().directory(), e.getMessage()),
          e);
    }
  }

  private DebugContainer created(ContainerSpec spec)
      throws ContainerException, IOException, InterruptedException {
    // 1. The root filesystem, with a place for the worker's own root in it.
    Path root = rootfs.ready(ENOUGH_TO_READ_PROGRAMS);
    Files.createDirectories(root.resolve(spec.rootMountPath().substring(1)));
    // 2. What the runtime is told. It may hold secrets of the pod's environment.
    Path directory = means.state().container(spec.id());
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createDirectories(means.state().runtime());
    OciConfig config = config(spec);
    Path recordings = Files.createDirectories(means.state().recordings());
    Files.writeString(
        directory.resolve("config.json"),
        config.container(
            new OciConfig.Rootfs(means.state().worker(root)),
            new OciConfig.Recordings(means.state().worker(recordings))));
    // 3. The container, by the first runtime that works here.
    return tools.first(tool -> run(tool, spec, config, directory));
  }

  private OciConfig config(ContainerSpec spec) throws IOException {
    return new OciConfig(
        spec, Capabilities.own(), means.limits().scratchMebibytes(), means.oomScore());
  }

  private DebugContainer run(Tool tool, ContainerSpec spec, OciConfig config, Path directory)
      throws IOException, ContainerException, InterruptedException {
    ProcessSpec main = config.main();
    try {
      Launcher.Launched launched =
          means
              .launcher()
              .launch(
                  tool,
                  spec.id(),
                  directory,
                  List.of("run", "--bundle", means.state().worker(directory)),
                  main.tty(),
                  main.stdin());
      return running(new Created(spec, tool, config, directory), launched);
    } catch (ToolException e) {
      Optional<ExitStatus.Failed> command = Refusal.ofCommand(main.command().get(0), e);
      clearFailed(spec.id(), tool, command.isPresent());
      if (command.isPresent()) {
        throw new ContainerException(
            "the debug container's main process cannot be started: " + command.get().message(), e);
      }
      throw e;
    }
  }

  private record Created(ContainerSpec spec, Tool tool, OciConfig config, Path directory) {}

  private DebugContainer running(Created created, Launcher.Launched launched)
      throws IOException, ContainerException {
    int pid = launched.child().pid();
    ContainerRecord record =
        new ContainerRecord(
            created.spec(),
            created.tool(),
            pid,
            ProcessStat.of(pid).map(ProcessStat::startTicks).orElse(0L));
    try {
      record.write(created.directory());
      OciContainer container = OciContainer.created(record, created.config(), means, launched);
      keep(container);
      LOG.info(
          "the debug container {} runs, process {}, by {}", container.id(), pid, created.tool());
      return container;
    } catch (IOException e) {
      // Nobody could find it again, or nobody hears it: better none than that.
      launched.abandon();
      new Removal(means, created.spec().id(), Optional.of(record)).run();
      throw new ContainerException(
          "the debug container %s was removed again: %s"
              .formatted(created.spec().id(), e.getMessage()),
          e);
    }
  }

  /** What a failed attempt left, apart from the configuration that the next one uses. */
  private void clearFailed(String id, Tool tool, boolean last) throws ContainerException {
    Path config = means.state().container(id).resolve("config.json");
    try {
      String kept = Files.readString(config);
      new Removal(means, id, Optional.empty()).run();
      if (!last) {
        Files.createDirectories(config.getParent());
        Files.writeString(config, kept);
      }
    } catch (IOException e) {
      LOG.warn("what {} left of the container {} remains: {}", tool, id, e.getMessage());
    }
  }

  private void keep(OciContainer container) {
    known.put(container.id(), container);
    made.add(container);
    undertaker.begin();
    container.whenEnded(() -> known.remove(container.id(), container));
  }

  @Override
  public Optional<DebugContainer> find(String id) {
    Optional<DebugContainer> own = Optional.ofNullable(known.get(id));
    return own.isPresent() ? own : found(id);
  }

  /** One that an earlier life of the agent, or of this bundle, created. */
  private synchronized Optional<DebugContainer> found(String id) {
    if (known.containsKey(id)) {
      return Optional.ofNullable(known.get(id));
    }
    Path directory = means.state().container(id);
    try {
      Optional<ContainerRecord> record =
          ContainerRecord.read(directory).filter(ContainerRecord::alive);
      if (record.isEmpty()) {
        return Optional.empty();
      }
      OciConfig config = config(record.get().spec());
      OciContainer container =
          earlier.stream()
              .map(EarlierContainer::container)
              .filter(left -> left.id().equals(id))
              .findFirst()
              .map(left -> OciContainer.inherited(record.get(), config, means, left))
              .orElse(null);
      if (container == null) {
        container = OciContainer.found(record.get(), config, means);
      }
      keep(container);
      return Optional.of(container);
    } catch (IOException e) {
      LOG.warn("what is known of the container {} cannot be read: {}", id, e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Containers live on, but nothing of this instance stays in them.
   *
   * @return those whose main process speaks to this instance still
   */
  public List<DebugContainer> letGo() {
    undertaker.end();
    known.values().forEach(OciContainer::letGo);
    return known.values().stream()
        .filter(OciContainer::hasStreams)
        .map(DebugContainer.class::cast)
        .toList();
  }

  /** All of this instance that somebody may still hold, also those that have ended. */
  public List<Object> everMade() {
    synchronized (made) {
      return List.copyOf(made);
    }
  }

  /** One that a replaced instance of this bundle still hears. */
  public void add(EarlierContainer container) {
    earlier.add(container);
  }

  public void remove(EarlierContainer container) {
    earlier.remove(container);
  }

  private void removeLeftover(String id) throws ContainerException {
    try {
      Path directory = means.state().container(id);
      if (Files.exists(directory) || Files.exists(means.state().runtime().resolve(id))) {
        new Removal(means, id, ContainerRecord.read(directory)).run();
      }
    } catch (IOException e) {
      throw new ContainerException(
          "what is left of an earlier container %s cannot be read: %s"
              .formatted(id, e.getMessage()),
          e);
    }
  }

  /**
   * Makes ready what a crisis needs, while all is well: which runtime is there, the root
   * filesystem. Removes what containers of an earlier life left that have ended since. Blocks.
   */
  public void arm() throws InterruptedException {
    means.awaited().forgetOthers();
    // A service that was started from a container may have outlived it, and whoever looked after
    // it.
    undertaker.begin();
    CompletableFuture<Path> making = rootfs.prepare();
    tools.probe();
    try (DirectoryStream<Path> containers = Files.newDirectoryStream(means.state().containers())) {
      for (Path directory : containers) {
        sweep(directory);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // There never was one.
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", means.state().containers(), e.getMessage());
    }
    try {
      making.get();
      removeOldRootfs();
    } catch (ExecutionException e) {
      LOG.debug("made when a container is wanted: {}", e.getMessage());
    }
  }

  private void sweep(Path directory) {
    String id = directory.getFileName().toString();
    try {
      if (ContainerRecord.read(directory).filter(ContainerRecord::alive).isEmpty()) {
        new Removal(means, id, ContainerRecord.read(directory)).run();
      }
    } catch (IOException | ContainerException e) {
      LOG.warn("what is left of the container {} remains: {}", id, e.getMessage());
    }
  }

  /** Root filesystems of other settings, once no container can be using one. */
  private void removeOldRootfs() {
    try (DirectoryStream<Path> containers =
            Files.newDirectoryStream(Files.createDirectories(means.state().containers()));
        DirectoryStream<Path> roots =
            Files.newDirectoryStream(means.state().directory(), "rootfs-????????")) {
      if (containers.iterator().hasNext()) {
        return;
      }
      for (Path old : roots) {
        if (!old.equals(rootfs.directory())) {
          Trees.remove(old);
        }
      }
    } catch (IOException e) {
      LOG.debug("an old root filesystem remains: {}", e.getMessage());
    }
  }
}

package io.lifeline.runtime.oci.rootfs;

import io.lifeline.runtime.oci.linux.OwnThread;
import io.lifeline.session.api.ContainerException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The root filesystem on the agent's tmpfs: made once, in the background, while the worker is well,
 * and made again when it is missing. Containers use it read-only, so one is enough for all. Any
 * thread.
 */
public final class Rootfs {

  private static final Logger LOG = LoggerFactory.getLogger(Rootfs.class);

  private final WorkerTree tree;
  private final Path directory;
  private final Path unfinished;
  private final RootfsContents contents;
  private @Nullable CompletableFuture<Path> making;

  /**
   * @param state the directory on the tmpfs that it is kept in
   */
  public Rootfs(WorkerTree tree, Path state, RootfsContents contents) {
    this.tree = tree;
    this.contents = contents;
    // A name for each set of wishes: a container that runs keeps the one it has.
    String name = "rootfs-%08x".formatted(31 * contents.hashCode() + Furniture.fingerprint());
    this.directory = state.resolve(name);
    this.unfinished = state.resolve(name + ".unfinished");
  }

  /** Where it is or will be. */
  public Path directory() {
    return directory;
  }

  /**
   * Begins to make it, if it is not there; returns at once.
   *
   * @return ends when it is there, or cannot be made
   */
  public synchronized CompletableFuture<Path> prepare() {
    if (making == null || (making.isDone() && !Files.isDirectory(directory))) {
      CompletableFuture<Path> result = new CompletableFuture<>();
      making = result;
      // A disk that hangs stops this thread and no other.
      new OwnThread(() -> make(result), "lifeline-rootfs").start();
    }
    return making;
  }

  /**
   * Waits until it is there.
   *
   * @throws ContainerException when it cannot be made; the message says what is missing
   */
  public Path ready(Duration limit) throws ContainerException, InterruptedException {
    if (Files.isDirectory(directory)) {
      return directory;
    }
    try {
      return prepare().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new ContainerException(
          "no root filesystem can be made of the worker's programs: " + reason(e), e);
    } catch (TimeoutException e) {
      throw new ContainerException(
          "the worker's programs could not be read within %d s: its disk hangs"
              .formatted(limit.toSeconds()),
          e);
    }
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    // The JDK's say a path and no more: their kind is the reason then.
    return cause instanceof FileSystemException
        ? cause.toString()
        : String.valueOf(cause.getMessage());
  }

  private void make(CompletableFuture<Path> result) {
    try {
      if (!Files.isDirectory(directory)) {
        Plan plan = new Planner(tree, contents).plan();
        Trees.remove(unfinished);
        write(plan);
        Files.move(unfinished, directory);
        LOG.info(
            "the root filesystem for the debug container is ready: {} files, {} KiB, in {}",
            plan.files().size(),
            plan.bytes() / 1024,
            directory);
      }
      result.complete(directory);
    } catch (IOException | MissingException | RuntimeException e) {
      // Said here for who reads the log while all is well; create() says it to who asks.
      LOG.warn("the root filesystem for the debug container is not ready: {}", e.getMessage());
      result.completeExceptionally(e);
    }
  }

  private void write(Plan plan) throws IOException {
    for (String directoryName :
        new String[] {
          "proc", "sys", "dev", "tmp", "run", "root", "etc", "usr/bin", "usr/lib", "usr/lib64"
        }) {
      Files.createDirectories(unfinished.resolve(directoryName));
    }
    for (Map.Entry<String, Plan.Source> file : plan.files().entrySet()) {
      Path place = unfinished.resolve(file.getKey().substring(1));
      Files.createDirectories(place.getParent());
      if (file.getValue() instanceof Plan.Source.Copy copy) {
        // As it is at this path; what was resolved must not be a link by now.
        Files.copy(tree.seen(copy.path()), place, LinkOption.NOFOLLOW_LINKS);
        Trees.executable(place);
      } else if (file.getValue() instanceof Plan.Source.Link link) {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
          Files.createSymbolicLink(place, Path.of(link.target()));
        }
      } else if (file.getValue() instanceof Plan.Source.Text text) {
        Files.writeString(place, text.text());
      } else if (file.getValue() instanceof Plan.Source.Script script) {
        Files.writeString(place, script.text());
        Trees.executable(place);
      }
    }
  }
}

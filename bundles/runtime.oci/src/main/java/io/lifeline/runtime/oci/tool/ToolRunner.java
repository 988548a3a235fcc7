package io.lifeline.runtime.oci.tool;

import com.sun.jna.Memory;
import io.lifeline.runtime.oci.linux.Child;
import io.lifeline.runtime.oci.linux.Command;
import io.lifeline.runtime.oci.linux.Fd;
import io.lifeline.runtime.oci.linux.Namespaces;
import io.lifeline.runtime.oci.linux.OomScore;
import io.lifeline.runtime.oci.linux.Pipe;
import io.lifeline.runtime.oci.linux.PollSet;
import io.lifeline.runtime.oci.linux.Starter;
import io.lifeline.session.api.ExitStatus;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs an OCI runtime on the worker, no longer than a limit. Any thread. */
public final class ToolRunner implements Closeable {

  private static final int SIGKILL = 9;
  private static final int MOST_WORDS = 16 * 1024;
  private static final int LOOK_EVERY_MILLIS = 20;
  // A runtime needs next to nothing of an environment; runc looks up newuidmap in PATH.
  private static final List<String> ENVIRONMENT =
      List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

  private final Starter starter;
  private final Optional<Starter> withoutUnified;
  private final Duration limit;

  /**
   * @param root where this process sees the worker's root directory
   * @param limit how long a runtime may take for anything it is asked
   * @param oomScore what it has, and processes that it starts without giving them their own: crun's
   *     exec
   */
  public ToolRunner(Path root, Duration limit, OomScore oomScore) {
    this.limit = limit;
    this.starter =
        new Starter("lifeline-starter", () -> Namespaces.of(root, Optional.empty()), oomScore);
    this.withoutUnified =
        CgroupMounts.of(root)
            .unifiedBesideOthers()
            .map(
                unified ->
                    new Starter(
                        "lifeline-starter-private",
                        () -> Namespaces.of(root, Optional.of(unified)),
                        oomScore));
  }

  /**
   * Runs a runtime with the given standard descriptors and waits for its end.
   *
   * @throws ToolException when it cannot be started or takes too long; it is killed then
   */
  public ExitStatus run(Tool tool, List<String> arguments, Fd stdin, Fd stdout, Fd stderr)
      throws ToolException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of(tool.name()));
    argv.addAll(arguments);
    Starter place = tool.refusesHybridCgroups() ? withoutUnified.orElse(starter) : starter;
    int pid;
    try {
      pid =
          place.start(
              new Command(
                  List.of(tool.path()),
                  argv,
                  ENVIRONMENT,
                  new Command.Streams.Pipes(stdin, stdout, stderr)),
              limit);
    } catch (IOException e) {
      throw new ToolException(e);
    }
    try (Child child = new Child(pid)) {
      return await(child, tool, arguments);
    } catch (ToolException e) {
      throw e;
    } catch (IOException e) {
      throw new ToolException("%s: %s".formatted(tool.path(), e.getMessage()), e);
    }
  }

  private ExitStatus await(Child child, Tool tool, List<String> arguments) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    PollSet poll = new PollSet(1);
    Optional<ExitStatus> status = child.ended();
    while (status.isEmpty()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        child.signalGroup(SIGKILL);
        throw new ToolException(
            "%s did not finish '%s' within %d s and was killed"
                .formatted(tool.path(), verb(arguments), limit.toSeconds()));
      }
      poll.clear();
      child.pidFd().ifPresent(poll::reading);
      poll.await((int) (child.pidFd().isPresent() ? left : Math.min(left, LOOK_EVERY_MILLIS)));
      status = child.ended();
    }
    return status.get();
  }

  private static String verb(List<String> arguments) {
    return arguments.stream()
        .filter(word -> word.matches("run|exec|kill|delete|--version"))
        .findFirst()
        .orElse("");
  }

  /** What a runtime answers, both its outputs together, at most 16 KiB; its status is dropped. */
  public String answer(Tool tool, List<String> arguments)
      throws ToolException, InterruptedException {
    try (Pipe pipe = Pipe.open();
        Fd nothing = Fd.openToRead("/dev/null")) {
      ExitStatus status = run(tool, arguments, nothing, pipe.in(), pipe.in());
      pipe.in().close();
      String words = words(pipe.out());
      if (status.shellCode() != 0) {
        throw new ToolException(
            words.isBlank()
                ? "it said nothing and answered %d".formatted(status.shellCode())
                : words);
      }
      return words;
    } catch (ToolException e) {
      throw e;
    } catch (IOException e) {
      throw new ToolException(e);
    }
  }

  /** Why a runtime did not do it: its log's last error, or what it wrote to a pipe. */
  public static ToolException refusal(ExitStatus status, Path log, Fd words) throws IOException {
    String message = Files.exists(log) ? ToolLog.lastError(Files.readString(log)) : "";
    if (message.isBlank()) {
      message = words(words);
    }
    return new ToolException(
        message.isBlank()
            ? "it said nothing and answered %d".formatted(status.shellCode())
            : message);
  }

  /** What waits in a pipe, as text, without waiting for more. */
  static String words(Fd out) throws IOException {
    out.nonBlocking();
    Memory buffer = new Memory(MOST_WORDS);
    int size = 0;
    while (size < MOST_WORDS) {
      int count = out.read(buffer.share(size), MOST_WORDS - size);
      if (count <= 0) {
        break;
      }
      size += count;
    }
    return new String(buffer.getByteArray(0, size), StandardCharsets.UTF_8).strip();
  }

  @Override
  public void close() {
    starter.close();
    withoutUnified.ifPresent(Starter::close);
  }
}

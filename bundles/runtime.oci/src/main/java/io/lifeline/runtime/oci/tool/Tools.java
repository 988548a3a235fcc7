package io.lifeline.runtime.oci.tool;

import io.lifeline.runtime.oci.rootfs.WorkerTree;
import io.lifeline.session.api.ContainerException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which OCI runtime works on this worker, and remembers it. What worked last is tried
 * first; what did not is tried again when nothing else works.
 */
public final class Tools {

  /** Something to do with a runtime. */
  public interface Attempt<T> {
    T with(Tool tool) throws IOException, ContainerException, InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Tools.class);
  private static final Pattern VERSION = Pattern.compile("version:? (\\S+)");

  private final WorkerTree tree;
  private final ToolRunner runner;
  private final List<String> names;
  private final List<String> searched;
  private volatile @Nullable Tool working;

  /**
   * @param names names or absolute paths of runtimes, the preferred first
   * @param searched the worker's directories in which names are looked for
   */
  public Tools(WorkerTree tree, ToolRunner runner, List<String> names, List<String> searched) {
    this.tree = tree;
    this.runner = runner;
    this.names = List.copyOf(names);
    this.searched = List.copyOf(searched);
  }

  /** The one that worked last. */
  public Optional<Tool> working() {
    return Optional.ofNullable(working);
  }

  /**
   * Does something with the first runtime that can.
   *
   * @throws ContainerException when none can; the message names each and what it answered
   */
  public <T> T first(Attempt<T> attempt) throws ContainerException, InterruptedException {
    List<String> answers = new ArrayList<>();
    @Nullable Tool last = working;
    if (last != null) {
      Optional<T> result = tried(last, attempt, answers);
      if (result.isPresent()) {
        return result.get();
      }
    }
    for (String name : names) {
      Optional<Tool> tool = probed(name, answers);
      if (tool.isPresent() && !tool.get().equals(last)) {
        Optional<T> result = tried(tool.get(), attempt, answers);
        if (result.isPresent()) {
          return result.get();
        }
      }
    }
    working = null;
    throw new ContainerException(
        "no container runtime works on this worker: " + String.join("; ", answers));
  }

  private <T> Optional<T> tried(Tool tool, Attempt<T> attempt, List<String> answers)
      throws ContainerException, InterruptedException {
    try {
      T result = attempt.with(tool);
      if (!tool.equals(working)) {
        LOG.info("the container runtime on this worker is {}", tool);
      }
      working = tool;
      return Optional.of(result);
    } catch (IOException e) {
      answers.add("%s answered: %s".formatted(tool, e.getMessage()));
      return Optional.empty();
    }
  }

  /** Finds out early which is there, so that a later create need not. */
  public Optional<Tool> probe() throws InterruptedException {
    List<String> answers = new ArrayList<>();
    for (String name : names) {
      Optional<Tool> tool = probed(name, answers);
      if (tool.isPresent()) {
        working = tool.get();
        LOG.info("the worker has the container runtime {}", tool.get());
        return tool;
      }
    }
    LOG.warn("no container runtime was found on the worker: {}", String.join("; ", answers));
    return Optional.empty();
  }

  private Optional<Tool> probed(String name, List<String> answers) throws InterruptedException {
    Optional<String> path;
    try {
      path = located(name);
    } catch (IOException e) {
      answers.add("%s cannot be looked for: %s".formatted(name, e.getMessage()));
      return Optional.empty();
    }
    if (path.isEmpty()) {
      answers.add("%s is in none of %s".formatted(name, String.join(", ", searched)));
      return Optional.empty();
    }
    try {
      String answer = runner.answer(new Tool(path.get(), ""), List.of("--version"));
      Matcher version = VERSION.matcher(answer);
      if (version.find()) {
        return Optional.of(new Tool(path.get(), version.group(1)));
      }
      answers.add("%s --version answered: %s".formatted(path.get(), answer));
    } catch (ToolException e) {
      answers.add("%s --version answered: %s".formatted(path.get(), e.getMessage()));
    }
    return Optional.empty();
  }

  private Optional<String> located(String name) throws IOException {
    if (name.startsWith("/")) {
      return tree.file(name).isPresent() ? Optional.of(name) : Optional.empty();
    }
    for (String directory : searched) {
      if (tree.file(directory + "/" + name).isPresent()) {
        return Optional.of(directory + "/" + name);
      }
    }
    return Optional.empty();
  }
}

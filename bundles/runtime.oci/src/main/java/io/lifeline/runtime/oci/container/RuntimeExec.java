package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.tool.Tool;
import io.lifeline.session.api.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The OCI runtime starts it: {@code runc exec}. */
final class RuntimeExec implements Way {

  private final Means means;
  private final Tool tool;
  private final OciConfig config;
  private final Path directory;

  /**
   * @param directory the container's
   */
  RuntimeExec(Means means, Tool tool, OciConfig config, Path directory) {
    this.means = means;
    this.tool = tool;
    this.config = config;
    this.directory = directory;
  }

  @Override
  public Launcher.Launched start(ProcessSpec process) throws IOException, InterruptedException {
    Path json = directory.resolve(means.state().nextName() + ".json");
    try {
      Files.writeString(json, config.process(process));
      return means
          .launcher()
          .launch(
              tool,
              directory.getFileName().toString(),
              directory,
              List.of("exec", "--process", means.state().worker(json)),
              process.tty(),
              process.stdin());
    } finally {
      Files.deleteIfExists(json);
    }
  }

  @Override
  public String description() {
    return tool.toString();
  }
}

package io.lifeline.console;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Answers bin/lifeline-client, where bin/lifeline has made the pipe for it. */
@Component(
    service = {},
    immediate = true)
public final class ConsoleCounterComponent {

  /** What bin/lifeline says where the pipe is. */
  private static final String FOLDER = "lifeline.console";

  private final Optional<ConsoleCounter> counter;

  @Activate
  public ConsoleCounterComponent(@Reference SessionFactory shells, BundleContext context) {
    counter =
        Optional.ofNullable(context.getProperty(FOLDER))
            .map(Path::of)
            .filter(folder -> Files.exists(folder.resolve("in")))
            .map(folder -> new ConsoleCounter(shells, folder));
  }

  @Activate
  void activate() {
    counter.ifPresent(
        there -> {
          Thread thread = new Thread(there, "lifeline-console");
          thread.setDaemon(true);
          thread.start();
        });
  }

  @Deactivate
  void deactivate() {
    counter.ifPresent(ConsoleCounter::close);
  }
}

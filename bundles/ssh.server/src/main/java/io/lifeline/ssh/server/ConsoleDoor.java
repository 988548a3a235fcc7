package io.lifeline.ssh.server;

import io.lifeline.config.Settings;
import io.lifeline.node.api.Worker;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.session.api.Console;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's console by SSH, on loopback, with the front end's keys; only where {@code
 * console.port} is set. Open also while nobody is rescued.
 */
@Component(
    service = {},
    immediate = true,
    configurationPid = SshSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class ConsoleDoor {

  private static final Logger LOG = LoggerFactory.getLogger(ConsoleDoor.class);

  private final Seam<Console> console = Seam.of(Console.class, "io.lifeline.console");
  private final Optional<SshDoor> door;

  @Activate
  public ConsoleDoor(
      @Reference Worker worker, @Reference ClusterTime time, Map<String, ?> properties)
      throws IOException, GeneralSecurityException {
    SshSettings settings = SshSettings.of(Settings.of(SshSettings.PID, properties));
    if (settings.consolePort() == 0) {
      door = Optional.empty();
      return;
    }
    HostKey host = HostKey.of(settings.keys().host(), worker.state());
    SshSettings own = settings.ofConsole();
    door =
        Optional.of(
            new SshDoor(own, host, new ConsoleShells(console), new Today(time), () -> false));
  }

  @Activate
  void activate() throws GeneralSecurityException {
    if (door.isPresent()) {
      try {
        door.get().open();
      } catch (IOException e) {
        LOG.warn(
            "The console cannot be reached by SSH: {}. If another program has the port, set"
                + " 'console.port' in etc/{}.cfg",
            e.getMessage(),
            SshSettings.PID);
      }
    }
  }

  @Deactivate
  void deactivate() {
    door.ifPresent(SshDoor::close);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindConsole(Console service) {
    console.bind(service);
  }

  void unbindConsole(Console service) {
    console.unbind(service);
  }
}

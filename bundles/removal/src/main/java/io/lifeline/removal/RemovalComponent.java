package io.lifeline.removal;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.config.Settings;
import io.lifeline.kubernetes.KubernetesClients;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The removal in OSGi: begins with the process, and ends it. */
@Component(
    service = {},
    immediate = true,
    configurationPid = RemovalSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class RemovalComponent {

  private static final Logger LOG = LoggerFactory.getLogger(RemovalComponent.class);

  private final KubernetesClient client;
  private final Thread thread = new Thread(this::run, "lifeline-removal");
  private final Removal removal;

  @Activate
  public RemovalComponent(@Reference KubernetesClients clients, Map<String, Object> properties) {
    RemovalSettings settings = RemovalSettings.of(Settings.of(RemovalSettings.PID, properties));
    client = clients.ambient();
    removal = new Removal(client, settings);
    thread.setDaemon(true);
    thread.start();
  }

  /** The process's end deactivates this component: what comes then is no failure. */
  private void run() {
    try {
      removal.run();
      System.exit(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException | KubernetesClientException e) {
      LOG.error("Lifeline is not removed: {}", e.getMessage());
      System.exit(1);
    }
  }

  @Deactivate
  void stop() {
    thread.interrupt();
    client.close();
  }
}

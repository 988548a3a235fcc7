package io.lifeline.proxy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.config.Settings;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.release.api.ReleaseFolders;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The proxy in OSGi. */
@Component(
    service = {},
    immediate = true,
    configurationPid = ProxySettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class ProxyComponent {

  private final KubernetesClient client;
  private final Proxy proxy;

  @Activate
  public ProxyComponent(@Reference KubernetesClients clients, Map<String, Object> properties) {
    ProxySettings settings = ProxySettings.of(Settings.of(ProxySettings.PID, properties));
    client = clients.ambient();
    BootstrapDecision decision =
        new BootstrapDecision(
            new ApiClusterView(client, settings.namespace()),
            new RateLimit(settings.perMinute(), System::nanoTime));
    proxy =
        new Proxy(
            settings,
            List.of(
                new BootstrapResource(decision, new RefusalEvents(client, Clock.systemUTC())),
                new ReleaseResource(
                    new ReleaseFolders(
                        Path.of(System.getProperty("karaf.home", "/"), "system"),
                        settings.releases()),
                    new RateLimit(settings.perMinute(), System::nanoTime))));
    proxy.start();
  }

  @Deactivate
  void stop() {
    proxy.close();
    client.close();
  }
}

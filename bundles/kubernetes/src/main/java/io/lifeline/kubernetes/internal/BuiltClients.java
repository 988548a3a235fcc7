package io.lifeline.kubernetes.internal;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.config.Settings;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.security.api.ApiAccess;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Builds the clients of all components, on one pool of threads that is empty when all is quiet. */
@Component(
    service = KubernetesClients.class,
    configurationPid = ClientSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class BuiltClients implements KubernetesClients {

  private final ExecutorService executor = Threads.pool();
  private final ClientFactory factory;

  /** Reads the settings; a wrong one is refused. */
  @Activate
  public BuiltClients(@Reference HeardTime time, Map<String, Object> properties) {
    this(time, ClientSettings.of(Settings.of(ClientSettings.PID, properties)));
  }

  BuiltClients(HeardTime time, ClientSettings settings) {
    factory = new ClientFactory(settings, executor, time);
  }

  @Deactivate
  void close() {
    executor.shutdownNow();
  }

  @Override
  public KubernetesClient ambient() {
    return new Ambient(System::getenv, Ambient.SERVICE_ACCOUNT).client(factory);
  }

  @Override
  public KubernetesClient connect(ApiAccess access) {
    return factory.build(access);
  }
}

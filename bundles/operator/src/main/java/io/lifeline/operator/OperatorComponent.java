package io.lifeline.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.config.Settings;
import io.lifeline.kubernetes.Kubeconfig;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.security.api.Pki;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The operator in OSGi. */
@Component(
    service = {},
    immediate = true,
    configurationPid = OperatorSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class OperatorComponent {

  private final AtomicReference<Pki> pki = new AtomicReference<>();
  private final KubernetesClient client;
  private final Operator operator;

  @Activate
  public OperatorComponent(
      @Reference KubernetesClients clients,
      @Reference Kubeconfig kubeconfig,
      Map<String, Object> properties) {
    OperatorSettings settings = OperatorSettings.of(Settings.of(OperatorSettings.PID, properties));
    client = clients.ambient();
    operator =
        new Operator(
            settings,
            client,
            this::pki,
            kubeconfig,
            System.getenv("KUBECONFIG"),
            Path.of(System.getProperty("karaf.home", "/"), "system"),
            OperatorComponent::identity);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindPki(Pki service) {
    pki.set(service);
  }

  void unbindPki(Pki service) {
    pki.compareAndSet(service, null);
  }

  private Pki pki() {
    return Optional.ofNullable(pki.get())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "there is no service io.lifeline.security.api.Pki: start the bundle"
                        + " io.lifeline.security.pki"));
  }

  private static String identity() {
    try {
      return InetAddress.getLocalHost().getHostName() + "_" + UUID.randomUUID();
    } catch (UnknownHostException e) {
      return UUID.randomUUID().toString();
    }
  }

  @Activate
  void start() {
    operator.start();
  }

  @Deactivate
  void stop() {
    operator.close();
    client.close();
  }
}

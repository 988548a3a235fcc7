package io.lifeline.security.delegated;

import io.lifeline.config.Settings;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescueSignals;
import io.lifeline.node.api.RescueStepException;
import io.lifeline.node.api.Worker;
import io.lifeline.security.api.Access;
import io.lifeline.security.api.Authenticator;
import io.lifeline.security.api.Authorizer;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.security.api.Decision;
import io.lifeline.security.api.Identity;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The guard of the kubelet API: on duty while a rescue serves, and a no to everybody otherwise. */
@Component(
    service = {Authenticator.class, Authorizer.class, RescueParticipant.class},
    immediate = true,
    configurationPid = DelegatedSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class DelegatedSecurity implements Authenticator, Authorizer, RescueParticipant {

  /** The checks of a rescue, and the credential they were made of. */
  private record Duty(NodeCredential credential, Checks checks) {}

  /** One that has just come is perhaps the next of one that was replaced in a rescue. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final Worker worker;
  private final KubernetesClients clients;
  private final ClusterTime time;
  private final DelegatedSettings settings;
  private final AtomicReference<@Nullable Duty> duty = new AtomicReference<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final long patientUntil = System.nanoTime() + PATIENCE_NANOS;

  @Activate
  public DelegatedSecurity(
      @Reference Worker worker,
      @Reference KubernetesClients clients,
      @Reference ClusterTime time,
      Map<String, Object> properties) {
    this.worker = worker;
    this.clients = clients;
    this.time = time;
    this.settings = DelegatedSettings.of(Settings.of(DelegatedSettings.PID, properties));
  }

  @Override
  public Stage stage() {
    return Stage.GUARD;
  }

  @Override
  public void begin(NodeCredential credential, RescueSignals signals) throws RescueStepException {
    Duty now = duty.get();
    if (now != null && now.credential().equals(credential)) {
      return;
    }
    try {
      ClientCertificates certificates =
          new ClientCertificates(credential.clientCaPem(), new CredentialTime(credential, time));
      Reviews reviews =
          new ApiServerReviews(
              clients.connect(credential.access()), worker.backupName(), settings.timeout());
      replace(new Duty(credential, new Checks(certificates, reviews, settings, System::nanoTime)));
    } catch (GeneralSecurityException e) {
      throw new RescueStepException(
          "the cluster's client authority or our own certificate cannot be read: " + e.getMessage(),
          e);
    }
  }

  @Override
  public void end(RescueEnd end) {
    replace(null);
  }

  @Deactivate
  void deactivate() {
    replace(null);
  }

  private void replace(@Nullable Duty next) {
    Duty before = duty.getAndSet(next);
    begun.countDown();
    if (before != null) {
      before.checks().close();
    }
  }

  private @Nullable Duty duty() {
    try {
      begun.await(Math.max(0, patientUntil - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return duty.get();
  }

  @Override
  public Optional<Identity> certificate(List<X509Certificate> chain) {
    Duty now = duty();
    return now == null ? Optional.empty() : now.checks().certificate(chain);
  }

  @Override
  public Optional<Identity> token(String token) {
    Duty now = duty();
    return now == null ? Optional.empty() : now.checks().token(token);
  }

  @Override
  public Decision decide(Identity who, Access what) {
    Duty now = duty();
    return now == null
        ? Decision.deny("no rescue is serving: nobody may do anything")
        : now.checks().decide(who, what);
  }
}

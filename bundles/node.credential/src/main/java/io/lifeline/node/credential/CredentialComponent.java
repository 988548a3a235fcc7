package io.lifeline.node.credential;

import io.lifeline.config.Settings;
import io.lifeline.kubernetes.Kubeconfig;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.HealthListener;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.PendingCertificate;
import io.lifeline.node.api.ReleaseFiles;
import io.lifeline.node.api.RescueCredentials;
import io.lifeline.node.api.ServingCertificates;
import io.lifeline.node.api.Worker;
import io.lifeline.node.api.WorkerHealth;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.security.api.Pki;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the steps to their services, and arms the agent while its worker is well. */
@Component(
    immediate = true,
    configurationPid = CredentialSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL,
    service = {
      RescueCredentials.class,
      ServingCertificates.class,
      ReleaseFiles.class,
      HealthListener.class
    })
public final class CredentialComponent
    implements RescueCredentials, ServingCertificates, ReleaseFiles, HealthListener {

  private static final Logger LOG = LoggerFactory.getLogger(CredentialComponent.class);
  private static final Duration UNARMED_PERIOD = Duration.ofMillis(50);
  private static final Duration UNARMED_MOST = Duration.ofSeconds(30);

  private final CredentialSettings settings;
  private final Arming arming;
  private final CredentialSteps steps;
  private final ServingRequest serving;
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  private volatile WorkerHealth.Verdict verdict = WorkerHealth.Verdict.UNKNOWN;

  @Activate
  public CredentialComponent(
      Map<String, Object> properties,
      @Reference Worker worker,
      @Reference Kubeconfig kubeconfig,
      @Reference KubernetesClients clients,
      @Reference Pki pki,
      @Reference ClusterTime time) {
    settings = CredentialSettings.of(Settings.of(CredentialSettings.PID, properties));
    Vault vault = new Vault(worker.state());
    arming = new Arming(settings, worker, kubeconfig, clients, pki, vault, time);
    steps = new CredentialSteps(settings, worker, kubeconfig, clients, pki, vault, arming, time);
    serving = new ServingRequest(worker, clients, pki, vault);
    thread = new Thread(this::keepArmed, "lifeline-arming");
    thread.setDaemon(true);
  }

  @Activate
  void activate() {
    thread.start();
  }

  @Deactivate
  void deactivate() throws InterruptedException {
    thread.interrupt();
    thread.join(5_000);
  }

  @Override
  public void health(WorkerHealth health) {
    // A monitor that has just begun knows nothing yet: what was known before still holds.
    if (health.verdict() == WorkerHealth.Verdict.UNKNOWN) {
      return;
    }
    WorkerHealth.Verdict before = verdict;
    verdict = health.verdict();
    boolean turned =
        (before == WorkerHealth.Verdict.NOT_READY) != (verdict == WorkerHealth.Verdict.NOT_READY);
    if (turned || !arming.armed() || before != verdict && arming.isOld()) {
      wake.release();
    }
  }

  /** Pins are taken only while the worker is not known to be broken: what is learnt then is not. */
  private void keepArmed() {
    Duration pause = UNARMED_PERIOD;
    LastFailure lastFailure = new LastFailure();
    if (arming.armed()) {
      LOG.info("armed with the pins and the key that an earlier agent has left");
    }
    try {
      while (!Thread.currentThread().isInterrupted()) {
        WorkerHealth.Verdict now = verdict;
        if (now != WorkerHealth.Verdict.NOT_READY) {
          try {
            arming.round(now == WorkerHealth.Verdict.READY);
            lastFailure.over();
            if (arming.settled()) {
              rest();
            }
          } catch (CredentialException
              | IOException
              | GeneralSecurityException
              | RuntimeException e) {
            String failure = String.valueOf(e.getMessage());
            if (lastFailure.isNew(failure)) {
              LOG.warn(
                  arming.armed()
                      ? "armed with what an earlier agent has left; its renewal waits: {}"
                      : "not armed yet: {}",
                  failure);
            }
          }
        }
        pause = arming.settled() ? settings.armPeriod() : shorter(pause.multipliedBy(2));
        if (wake.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS)) {
          wake.drainPermits();
          pause = UNARMED_PERIOD;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What a start or a round has left goes back to the worker: an idle agent makes so little garbage
   * that nothing else would collect it. Takes some 50 ms, once in {@code arm.period} and never in a
   * rescue.
   */
  private static void rest() {
    System.gc();
  }

  private static Duration shorter(Duration pause) {
    return pause.compareTo(UNARMED_MOST) > 0 ? UNARMED_MOST : pause;
  }

  @Override
  public Optional<String> unarmed() {
    return steps.unarmed();
  }

  @Override
  public void arm() {
    wake.release();
  }

  @Override
  public Optional<NodeCredential> kept() {
    return steps.kept();
  }

  @Override
  public PendingCertificate request() throws CredentialException, InterruptedException {
    return steps.request();
  }

  @Override
  public Optional<NodeCredential> issued(PendingCertificate request)
      throws CredentialException, InterruptedException {
    return steps.issued(request);
  }

  @Override
  public void forget() {
    steps.forget();
  }

  @Override
  public void fetch(String version, String file, long most, OutputStream to)
      throws CredentialException, IOException {
    steps.fetch(version, file, most, to);
  }

  @Override
  public ServingCertificate serving(NodeCredential credential) throws InterruptedException {
    return serving.serving(credential);
  }
}

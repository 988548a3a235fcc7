package io.lifeline.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.kubernetes.Kubeconfig;
import io.lifeline.operator.bootstrap.ApiServer;
import io.lifeline.operator.bootstrap.BootstrapKeeper;
import io.lifeline.operator.csr.Clerk;
import io.lifeline.operator.proxy.AuthorityKeeper;
import io.lifeline.operator.proxy.ProxyCertificate;
import io.lifeline.operator.proxy.ProxyKeeper;
import io.lifeline.operator.rescue.Ending;
import io.lifeline.operator.rescue.Reconciler;
import io.lifeline.operator.rescue.Steady;
import io.lifeline.operator.rescue.Story;
import io.lifeline.operator.rollout.RolloutKeeper;
import io.lifeline.release.api.ReleaseFolders;
import io.lifeline.security.api.Pki;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator as a process: a thread that keeps the leadership, and two that pass while it is
 * held, one over everything and one over the certificate requests that somebody waits for.
 */
public final class Operator implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Operator.class);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

  private final OperatorSettings settings;
  private final Pass.Parts parts;
  private final Leadership leadership;
  private final Succession succession;
  private final Bell bell = new Bell();
  private final Bell quick = new Bell();
  private final Thread leading = daemon("lifeline-leadership", this::lead);
  private final Thread passing = daemon("lifeline-operator", () -> repeat(bell, this::wholePass));
  private final Thread quickPassing =
      daemon("lifeline-requests", () -> repeat(quick, this::quickPass));
  private volatile boolean closed;

  /**
   * @param client closed by whoever opened it
   * @param pki throws {@link IllegalStateException} while there is none
   * @param ownKubeconfig the kubeconfig this process itself uses; null in a pod
   * @param system the folder {@code system} of the distribution, with the releases it brings
   * @param identity this operator's name in the Lease
   */
  public Operator(
      OperatorSettings settings,
      KubernetesClient client,
      Supplier<Pki> pki,
      Kubeconfig kubeconfig,
      @Nullable String ownKubeconfig,
      Path system,
      Supplier<String> identity) {
    this.settings = settings;
    this.parts =
        parts(
            settings,
            client,
            pki,
            new ApiServer(client, kubeconfig, settings.bootstrap().server(), ownKubeconfig),
            kubeconfig,
            system,
            bell,
            quick);
    this.leadership =
        new Leadership(
            client,
            settings.namespace(),
            identity.get(),
            settings.leadership(),
            Clock.systemUTC(),
            System::nanoTime);
    this.succession =
        new Succession(
            settings.node(), new OperatorPods(client, settings.namespace()), leadership::giveUp);
  }

  /** What a pass works with. */
  static Pass.Parts parts(
      OperatorSettings settings,
      KubernetesClient client,
      Supplier<Pki> pki,
      ApiServer server,
      Kubeconfig kubeconfig,
      Path system,
      Bell bell,
      Bell quick) {
    Clock clock = Clock.systemUTC();
    String namespace = settings.namespace();
    Announcer announcer = new Announcer(client, clock);
    Steady steady = new Steady(System::nanoTime);
    return new Pass.Parts(
        client,
        settings,
        pem -> pki.get().subject(pem),
        new AuthorityKeeper(client, namespace, pki),
        new Clerk(client, announcer, settings.certificates().enrolmentLife(), clock),
        new BootstrapKeeper(client, settings, kubeconfig, server, clock),
        new ProxyKeeper(client, settings, new ProxyCertificate(client, namespace, pki, clock)),
        new Reconciler(
            client,
            new Ending(settings.ending(), steady, clock),
            steady,
            settings.ending().readyWait(),
            new Story(clock),
            announcer),
        steady,
        new RolloutKeeper(
            client,
            new ReleaseFolders(system, settings.rollout().releases()),
            settings.rollout().deadline(),
            System::nanoTime,
            announcer,
            clock),
        new BellWatches(client, namespace, bell, quick),
        new ApiVersion(client)::keepsTheLifeOfRequests);
  }

  /** Starts its threads. */
  public void start() {
    leading.start();
    passing.start();
    quickPassing.start();
  }

  private void lead() {
    long pause = settings.leadership().dividedBy(5).toMillis();
    try {
      while (!closed) {
        boolean before = leadership.holds();
        try {
          leadership.step();
        } catch (RuntimeException e) {
          LOG.error("the Lease could not be looked at, by a fault of the operator's own", e);
        }
        if (!before && leadership.holds()) {
          bell.ring();
          quick.ring();
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration wholePass() {
    long begun = System.nanoTime();
    try {
      return new Pass(parts).run();
    } finally {
      succession.passed(Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  private Duration quickPass() {
    new QuickPass(parts).run();
    return settings.resync();
  }

  private void repeat(Bell woken, Supplier<Duration> pass) {
    Duration retry = FIRST_RETRY;
    try {
      while (!closed) {
        Duration next = settings.resync();
        if (leadership.holds()) {
          Optional<Duration> done = passed(pass, retry);
          next = done.orElse(retry);
          retry = done.isPresent() ? FIRST_RETRY : longer(retry);
        }
        woken.await(next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration longer(Duration retry) {
    return retry.compareTo(settings.resync()) < 0 ? retry.multipliedBy(2) : retry;
  }

  /** One pass; empty when it failed. */
  private Optional<Duration> passed(Supplier<Duration> pass, Duration retry) {
    try {
      return Optional.of(pass.get());
    } catch (KubernetesClientException | IllegalStateException e) {
      if (closed) {
        return Optional.empty();
      }
      LOG.warn(
          "not everything could be looked at; again in {} s: {}", retry.toSeconds(), Why.of(e));
    } catch (RuntimeException e) {
      LOG.error("not everything could be looked at, by a fault of the operator's own", e);
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    closed = true;
    end(passing);
    end(quickPassing);
    end(leading);
    parts.watches().close();
    leadership.release();
  }

  private static void end(Thread thread) {
    thread.interrupt();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}

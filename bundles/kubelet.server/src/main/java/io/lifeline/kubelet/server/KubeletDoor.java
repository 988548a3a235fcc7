package io.lifeline.kubelet.server;

import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueStepException;
import io.lifeline.node.api.ServingCertificates;
import io.lifeline.node.api.ServingCertificates.ServingCertificate;
import io.lifeline.node.api.Worker;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens and closes the kubelet API. One caller at a time, the rescue's thread. */
final class KubeletDoor {

  private static final Logger LOG = LoggerFactory.getLogger(KubeletDoor.class);

  /** Requests that wait for a thread: a hundred sessions may begin at once. */
  private static final int QUEUE = 256;

  /** Bodies that are being streamed at the same time, a thread each: logs that are followed. */
  private static final int MOST_STREAMS = 32;

  private final Worker worker;
  private final ServerSettings settings;
  private final Seams seams;
  private final EventLoopGroup loop;
  private final ThreadPoolExecutor executor;
  private final ThreadPoolExecutor streams;
  private final Stats stats;
  private final KubeletListener listener;
  private @Nullable NodeCredential credential;
  private final AtomicInteger rehearsals = new AtomicInteger();

  KubeletDoor(Worker worker, ServerSettings settings, Seams seams, InstantSource time) {
    this.worker = worker;
    this.settings = settings;
    this.seams = seams;
    // One loop: with more, the scheduler's noise is what a keystroke waits for.
    loop = new NioEventLoopGroup(1, new DefaultThreadFactory("lifeline-kubelet-io", true));
    executor =
        new ThreadPoolExecutor(
            settings.threads(),
            settings.threads(),
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            new DefaultThreadFactory("lifeline-kubelet", true));
    // Their threads come when they are wanted and go soon after: logs are for when there is one.
    streams =
        new ThreadPoolExecutor(
            0,
            MOST_STREAMS,
            5,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            new DefaultThreadFactory("lifeline-kubelet-stream", true));
    loop.next().execute(() -> LOG.debug("The kubelet API's event loop is warm"));
    executor.prestartAllCoreThreads();
    Refusals refusals = new Refusals();
    Containers containers = new Containers(seams.pods());
    // The agent's own view of it: it is the same everywhere, and the worker's disk is not asked.
    stats = new Stats(worker.backupName(), Path.of("/proc"), containers, time);
    Metrics metrics = new Metrics(refusals, seams.sessions(), this::connections);
    KubeletApi api =
        new KubeletApi(
            seams,
            new Commands(containers, seams.sessions(), executor),
            new Pages(containers, metrics::page, stats),
            new ContainerLogs(containers, time),
            new NodeLogs(new LogTree(worker.root()), seams.journal()),
            new RecordedSessions(seams.sessions(), worker.state()));
    listener = new KubeletListener(loop, settings, api, refusals, executor, streams);
  }

  /** Whether it is its own first caller now, over connections that are counted as any others. */
  boolean rehearsing() {
    return rehearsals.get() > 0;
  }

  int connections() {
    return listener.connections();
  }

  InetSocketAddress address() {
    return listener.address();
  }

  synchronized void begin(NodeCredential renewed) throws RescueStepException, InterruptedException {
    if (listener.isOpen() && renewed.equals(credential)) {
      return;
    }
    ServingCertificates certificates =
        seams
            .certificates()
            .get()
            .orElseThrow(
                () ->
                    new RescueStepException(
                        "the kubelet API stays closed: " + seams.certificates().missing()));
    ServingCertificate certificate = certificates.serving(renewed);
    InetSocketAddress address = new InetSocketAddress(settings.bind(), worker.kubeletPort());
    SslProvider tls = ServerTls.provider();
    try {
      listener.open(address, ServerTls.context(certificate, tls));
    } catch (IOException e) {
      throw new RescueStepException(
          "the kubelet API cannot listen on %s:%d: %s. If another program has the port, set 'port'"
                  .formatted(settings.bind(), worker.kubeletPort(), e.getMessage())
              + " in etc/io.lifeline.node.worker.cfg",
          e);
    }
    credential = renewed;
    stats.begin();
    LOG.info(
        "The kubelet API of {} listens on {} with a certificate of {}, its TLS by {}",
        worker.backupName(),
        listener.address(),
        certificate.clusterSigned() ? "the cluster's signer" : "our own",
        ServerTls.library(tls));
    rehearse(new Rehearsal(seams, renewed, certificate, listener.address()));
  }

  private void rehearse(Rehearsal rehearsal) {
    rehearsals.incrementAndGet();
    executor.execute(
        () -> {
          try {
            rehearsal.run();
          } finally {
            rehearsals.decrementAndGet();
          }
        });
  }

  synchronized void end() {
    if (credential != null) {
      credential = null;
      listener.close(settings.drain());
      LOG.info("The kubelet API of {} is closed", worker.backupName());
    }
  }

  /** Whether a rescue has it open. */
  synchronized boolean isOpen() {
    return credential != null;
  }

  /**
   * The component goes, and a rescue goes on: connections that are open do so too, on this
   * instance's threads, until the last has ended.
   *
   * @param over run then; on the event loop
   */
  void leave(Runnable over) {
    seams.keep();
    // They go with what is still to be answered.
    executor.setKeepAliveTime(1, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    listener.leave(over);
  }

  /** Nothing of it stays. Any thread, also its own. */
  void close() {
    synchronized (this) {
      credential = null;
    }
    Thread closer =
        new Thread(
            () -> {
              listener.close(Duration.ZERO);
              executor.shutdownNow();
              streams.shutdownNow();
              loop.shutdownGracefully(0, 2, TimeUnit.SECONDS);
            },
            "lifeline-kubelet-close");
    closer.setDaemon(true);
    closer.start();
    if (!isOwn(Thread.currentThread())) {
      try {
        closer.join(TimeUnit.SECONDS.toMillis(3));
        loop.awaitTermination(3, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean isOwn(Thread thread) {
    for (EventExecutor one : loop) {
      if (one.inEventLoop(thread)) {
        return true;
      }
    }
    return false;
  }
}

package io.lifeline.proxy;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the socket open with the certificate that is in the files: the operator renews it, and the
 * kubelet writes it there. One thread of its own.
 */
final class Proxy implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);
  private static final long LOOK_MILLIS = 2_000;

  private final ProxySettings settings;
  private final List<Object> resources;
  private final Thread thread = new Thread(this::run, "lifeline-proxy");
  private @Nullable TlsFiles shown;
  private @Nullable ProxyServer server;
  private String complaint = "";
  private volatile boolean closed;

  Proxy(ProxySettings settings, List<Object> resources) {
    this.settings = settings;
    this.resources = List.copyOf(resources);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        look();
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    shut();
  }

  private void look() {
    try {
      TlsFiles files = TlsFiles.read(settings.tls());
      if (!files.equals(shown)) {
        shut();
        server =
            ProxyServer.open(
                new ProxyServer.Place(settings.address(), settings.port()),
                ProxyServer.Limits.USUAL,
                files,
                resources);
        shown = files;
        LOG.info(
            "the debug proxy listens on {}:{} with a certificate good until {}",
            settings.address(),
            settings.port(),
            files.chain().get(0).getNotAfter().toInstant());
      }
      complaint = "";
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      String message = Objects.toString(e.getMessage());
      if (!message.equals(complaint)) {
        LOG.error("the debug proxy cannot listen, and goes on trying: {}", message);
        complaint = message;
      }
    }
  }

  private void shut() {
    if (server != null) {
      server.close();
    }
    server = null;
    shown = null;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

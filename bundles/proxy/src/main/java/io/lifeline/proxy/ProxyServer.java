package io.lifeline.proxy;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import javax.ws.rs.ext.RuntimeDelegate;
import org.apache.cxf.Bus;
import org.apache.cxf.bus.extension.ExtensionManagerBus;
import org.apache.cxf.endpoint.Server;
import org.apache.cxf.jaxrs.JAXRSServerFactoryBean;
import org.apache.cxf.jaxrs.impl.RuntimeDelegateImpl;
import org.apache.cxf.jaxrs.lifecycle.SingletonResourceProvider;
import org.apache.cxf.transport.http_jetty.JettyHTTPServerEngine;
import org.apache.cxf.transport.http_jetty.JettyHTTPServerEngineFactory;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionLimit;

/** One HTTPS socket with its resources, on a CXF bus of its own. */
final class ProxyServer implements AutoCloseable {

  private final Bus bus;
  private final JettyHTTPServerEngineFactory engines;
  private final Server server;
  private final int port;

  private ProxyServer(Bus bus, JettyHTTPServerEngineFactory engines, Server server, int port) {
    this.bus = bus;
    this.engines = engines;
    this.server = server;
    this.port = port;
  }

  /** Where it listens. */
  record Place(String address, int port) {}

  /**
   * What strangers may take before TLS has turned them away: everybody in the cluster reaches the
   * NodePort, and some 2,800 connections that begin TLS and say no more used to fill the heap.
   *
   * @param connections who comes when there are so many waits in the kernel's queue
   * @param idle how long a connection may say nothing
   */
  record Limits(int connections, Duration idle) {

    static final Limits USUAL = new Limits(1000, Duration.ofSeconds(10));
  }

  static ProxyServer open(Place place, Limits limits, TlsFiles tls, List<Object> resources)
      throws GeneralSecurityException, IOException {
    // JAX-RS looks for its implementation by the class path, where a bundle has none.
    RuntimeDelegate.setInstance(new RuntimeDelegateImpl());
    Bus bus = new ExtensionManagerBus();
    JettyHTTPServerEngineFactory engines = bus.getExtension(JettyHTTPServerEngineFactory.class);
    engines.setTLSServerParametersForPort(place.address(), place.port(), tls.parameters());
    JettyHTTPServerEngine engine =
        engines.createJettyHTTPServerEngine(place.address(), place.port(), "https");
    engine.setMaxIdleTime((int) limits.idle().toMillis());
    JAXRSServerFactoryBean factory = new JAXRSServerFactoryBean();
    factory.setBus(bus);
    factory.setResourceClasses(resources.stream().<Class<?>>map(Object::getClass).toList());
    for (Object resource : resources) {
      factory.setResourceProvider(resource.getClass(), new SingletonResourceProvider(resource));
    }
    String host = place.address().contains(":") ? "[" + place.address() + "]" : place.address();
    factory.setAddress("https://%s:%d/".formatted(host, place.port()));
    ProxyServer opened = new ProxyServer(bus, engines, factory.create(), place.port());
    opened.limit((AbstractConnector) engine.getConnector(), limits.connections());
    return opened;
  }

  /** Jetty counts from a connector's start on, and CXF has started it already. */
  private void limit(AbstractConnector connector, int connections) throws IOException {
    try {
      connector.stop();
      // TLS, and what is inside it, are two for Jetty.
      connector.addBean(new ConnectionLimit(2 * connections, connector));
      connector.start();
      // Jetty's own signature.
    } catch (Exception e) {
      close();
      throw new IOException("the socket cannot be opened with a limit: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    server.destroy();
    engines.destroyForPort(port);
    bus.shutdown(true);
    RuntimeDelegate.setInstance(null);
  }
}

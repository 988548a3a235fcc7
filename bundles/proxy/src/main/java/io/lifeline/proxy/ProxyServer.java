package io.lifeline.proxy;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.ws.rs.ext.RuntimeDelegate;
import org.apache.cxf.Bus;
import org.apache.cxf.bus.extension.ExtensionManagerBus;
import org.apache.cxf.endpoint.Server;
import org.apache.cxf.jaxrs.JAXRSServerFactoryBean;
import org.apache.cxf.jaxrs.impl.RuntimeDelegateImpl;
import org.apache.cxf.jaxrs.lifecycle.SingletonResourceProvider;
import org.apache.cxf.transport.http_jetty.JettyHTTPServerEngineFactory;

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

  static ProxyServer open(Place place, TlsFiles tls, List<Object> resources)
      throws GeneralSecurityException, IOException {
    // JAX-RS looks for its implementation by the class path, where a bundle has none.
    RuntimeDelegate.setInstance(new RuntimeDelegateImpl());
    Bus bus = new ExtensionManagerBus();
    JettyHTTPServerEngineFactory engines = bus.getExtension(JettyHTTPServerEngineFactory.class);
    engines.setTLSServerParametersForPort(place.address(), place.port(), tls.parameters());
    JAXRSServerFactoryBean factory = new JAXRSServerFactoryBean();
    factory.setBus(bus);
    factory.setResourceClasses(resources.stream().<Class<?>>map(Object::getClass).toList());
    for (Object resource : resources) {
      factory.setResourceProvider(resource.getClass(), new SingletonResourceProvider(resource));
    }
    String host = place.address().contains(":") ? "[" + place.address() + "]" : place.address();
    factory.setAddress("https://%s:%d/".formatted(host, place.port()));
    return new ProxyServer(bus, engines, factory.create(), place.port());
  }

  @Override
  public void close() {
    server.destroy();
    engines.destroyForPort(port);
    bus.shutdown(true);
    RuntimeDelegate.setInstance(null);
  }
}

package io.lifeline.kubernetes.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.ClusterTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/** A small HTTPS server that asks for a client certificate and writes down who came. */
final class ApiServer implements AutoCloseable {

  final List<String> callers = new CopyOnWriteArrayList<>();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final HttpsServer server;

  ApiServer(ApiAccess identity) throws IOException, GeneralSecurityException {
    Tls tls = Tls.of(identity, ClusterTime.ofMachine());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(tls.keys(), tls.trust(), null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setWantClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.setExecutor(executor);
    server.start();
  }

  URI uri() {
    return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Answers each request below a path with a status and one JSON text. */
  void answer(String path, int status, String json) {
    server.createContext(
        path,
        exchange -> {
          callers.add(caller(exchange));
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.getResponseHeaders().set("Location", uri() + "/elsewhere");
          byte[] body = json.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  /** Takes requests below a path and never answers. */
  void beSilent(String path) {
    server.createContext(path, exchange -> callers.add(caller(exchange)));
  }

  private static String caller(HttpExchange exchange) {
    List<String> authorization = exchange.getRequestHeaders().get("Authorization");
    if (authorization != null) {
      return String.join(",", authorization);
    }
    try {
      return ((HttpsExchange) exchange).getSSLSession().getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException e) {
      return "nobody";
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}

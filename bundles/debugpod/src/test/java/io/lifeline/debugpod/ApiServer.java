package io.lifeline.debugpod;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An API server that takes everything, and remembers what it was told. */
final class ApiServer implements AutoCloseable {

  /** What it was told; {@code PATCH /api/…/status} and its body. */
  final List<String> told = new CopyOnWriteArrayList<>();

  private final HttpServer server;
  final KubernetesClient client;

  ApiServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .withAutoConfigure(false)
                    .build())
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
  }

  private void take(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    told.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath() + " " + body);
    String kind = exchange.getRequestURI().getPath().contains("/events") ? "Event" : "Pod";
    byte[] answer =
        "{\"apiVersion\":\"v1\",\"kind\":\"%s\"}".formatted(kind).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  /** The last status that a pod was given. */
  String status(String pod) {
    return told.stream()
        .filter(line -> line.startsWith("PATCH") && line.contains("/pods/" + pod + "/status"))
        .reduce("", (first, second) -> second);
  }

  /** Everything that was said in Events. */
  String events() {
    return told.stream().filter(line -> line.contains("/events")).toList().toString();
  }

  @Override
  public void close() {
    client.close();
    server.stop(0);
  }
}

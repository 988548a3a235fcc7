package io.lifeline.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A client after whose n-th request no other one gets through: as if its process were killed. */
final class CutClient implements AutoCloseable {

  private final AtomicInteger left;
  final KubernetesClient client;

  CutClient(Path kubeconfig, int requests) {
    left = new AtomicInteger(requests);
    try {
      Config config =
          new ConfigBuilder(Config.fromKubeconfig(Files.readString(kubeconfig)))
              .withClientKeyAlgo("EC")
              .withRequestRetryBackoffLimit(0)
              .build();
      client =
          new KubernetesClientBuilder()
              .withConfig(config)
              .withHttpClientFactory(new JdkHttpClientFactory())
              .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("cut", new Cut()))
              .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a request was cut. */
  boolean cut() {
    return left.get() < 0;
  }

  @Override
  public void close() {
    client.close();
  }

  private final class Cut implements Interceptor {
    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      if (left.decrementAndGet() < 0) {
        // Where nobody listens.
        builder.uri(java.net.URI.create("https://127.0.0.1:1/"));
      }
    }
  }
}

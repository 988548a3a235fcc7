package io.lifeline.kubernetes.internal;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import io.lifeline.security.api.ApiAccess;
import java.net.http.HttpClient;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds clients that know only what they are told: no file, no environment, no proxy, no redirect
 * to elsewhere, no repetition behind the caller's back.
 *
 * <p>Over HTTP/1.1: when a network goes silent, a request that timed out closes its connection and
 * the next one opens another, where HTTP/2 would go on waiting on the one it has.
 */
final class ClientFactory {

  private final ClientSettings settings;
  private final Executor executor;
  private final HeardTime time;

  ClientFactory(ClientSettings settings, Executor executor, HeardTime time) {
    this.time = time;
    this.settings = settings;
    this.executor = executor;
  }

  /** A client that shows the access's own certificate or token. */
  KubernetesClient build(ApiAccess access) {
    String token = access.token();
    return build(access, token == null ? null : () -> token);
  }

  /** A client whose bearer token is asked for at each request. */
  KubernetesClient build(ApiAccess access, @Nullable Supplier<String> token) {
    Tls tls = Tls.of(access, time);
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(access.server().toString())
            .withConnectionTimeout(Math.toIntExact(settings.connectTimeout().toMillis()))
            .withRequestTimeout(Math.toIntExact(settings.requestTimeout().toMillis()))
            .withWatchReconnectInterval(Math.toIntExact(settings.watchReconnect().toMillis()))
            .withWatchReconnectLimit(-1)
            .withRequestRetryBackoffLimit(0)
            .withHttp2Disable(true)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(Mappers.shared())
        .withHttpClientFactory(new Transport(executor))
        .withHttpClientBuilderConsumer(
            http -> {
              http.sslContext(tls.keys(), tls.trust());
              // fabric8's own looks for newer credentials in files and the environment.
              http.addOrReplaceInterceptor(
                  TokenRefreshInterceptor.NAME, token == null ? null : new Bearer(token));
              http.addOrReplaceInterceptor(ToldTime.NAME, new ToldTime(time, tls.server()));
            })
        .withTaskExecutor(executor)
        .build();
  }

  /** Puts the token on each request. */
  private record Bearer(Supplier<String> token) implements Interceptor {
    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      builder.setHeader("Authorization", "Bearer " + token.get());
    }
  }

  /** The JDK's HTTP client on our threads. */
  private static final class Transport extends JdkHttpClientFactory {

    private final Executor executor;

    Transport(Executor executor) {
      this.executor = executor;
    }

    @Override
    protected HttpClient.Builder createNewHttpClientBuilder() {
      return HttpClient.newBuilder().executor(executor);
    }

    @Override
    protected void additionalConfig(HttpClient.Builder builder) {
      builder.proxy(HttpClient.Builder.NO_PROXY).followRedirects(HttpClient.Redirect.NEVER);
    }
  }
}

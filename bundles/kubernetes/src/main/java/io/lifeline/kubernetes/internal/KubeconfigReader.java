package io.lifeline.kubernetes.internal;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.Pem;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a kubeconfig's current context.
 *
 * <p>What it cannot keep to it refuses, and says so: plugins (they would start a process),
 * passwords, a server whose certificate is not checked, proxies.
 */
final class KubeconfigReader {

  private final RootedFiles files;
  private final @Nullable Path folder;

  private KubeconfigReader(RootedFiles files, @Nullable Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /** Reads the files that a kubeconfig names below a root; they must be named absolutely. */
  static KubeconfigReader below(Path root) {
    return new KubeconfigReader(new RootedFiles(root), null);
  }

  /** Reads a kubeconfig file of this process's own, with paths relative to its folder. */
  static ApiAccess file(Path file) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    RootedFiles files = new RootedFiles(Path.of("/"));
    return new KubeconfigReader(files, absolute.getParent()).parse(files.read(absolute));
  }

  ApiAccess parse(String yaml) throws IOException {
    Config config = Mappers.read(yaml, Config.class);
    String current = config.getCurrentContext();
    if (current == null || current.isBlank()) {
      throw new IOException("the kubeconfig has no current-context");
    }
    Context context =
        named(
            config.getContexts(),
            NamedContext::getName,
            NamedContext::getContext,
            "context",
            current);
    Cluster cluster =
        named(
            config.getClusters(),
            NamedCluster::getName,
            NamedCluster::getCluster,
            "cluster",
            context.getCluster());
    AuthInfo user =
        named(
            config.getUsers(),
            NamedAuthInfo::getName,
            NamedAuthInfo::getUser,
            "user",
            context.getUser());
    refuseWhatIsNotKept(cluster, user);
    return access(cluster, user);
  }

  private ApiAccess access(Cluster cluster, AuthInfo user) throws IOException {
    URI server = server(cluster);
    String ca =
        content(
            cluster.getCertificateAuthorityData(),
            cluster.getCertificateAuthority(),
            "certificate-authority");
    if (ca == null) {
      throw new IOException("the kubeconfig has no certificate-authority for its cluster");
    }
    String certificate =
        content(user.getClientCertificateData(), user.getClientCertificate(), "client-certificate");
    String key = content(user.getClientKeyData(), user.getClientKey(), "client-key");
    if (certificate != null && key != null) {
      return withCertificate(server, ca, certificate, key);
    }
    if (certificate != null || key != null) {
      throw new IOException(
          "the kubeconfig's user has one of client-certificate and client-key; both are needed");
    }
    return ApiAccess.token(server, ca, token(user));
  }

  private static ApiAccess withCertificate(URI server, String ca, String certificate, String key)
      throws IOException {
    try {
      return ApiAccess.certificate(
          server,
          ca,
          Pem.certificates(Pem.certificates(certificateBlocks(certificate))),
          PrivateKeyPem.pkcs8(key));
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "the kubeconfig's client certificate or key cannot be used: " + e.getMessage(), e);
    }
  }

  /** The certificates alone: the kubelet keeps its key in the same file. */
  private static String certificateBlocks(String pem) {
    StringBuilder blocks = new StringBuilder();
    String end = "-----END CERTIFICATE-----";
    for (int at = pem.indexOf("-----BEGIN CERTIFICATE-----");
        at >= 0;
        at = pem.indexOf("-----BEGIN CERTIFICATE-----", at + 1)) {
      int stop = pem.indexOf(end, at);
      if (stop < 0) {
        break;
      }
      blocks.append(pem, at, stop + end.length()).append('\n');
    }
    return blocks.toString();
  }

  private String token(AuthInfo user) throws IOException {
    String token = user.getToken();
    if (token == null || token.isBlank()) {
      String file = user.getTokenFile();
      token = file == null || file.isBlank() ? null : read(file, "tokenFile").strip();
    }
    if (token == null || token.isBlank()) {
      throw new IOException(
          "the kubeconfig's user has neither a client certificate with its key nor a token");
    }
    return token;
  }

  private static URI server(Cluster cluster) throws IOException {
    String server = Objects.requireNonNullElse(cluster.getServer(), "");
    try {
      URI uri = URI.create(server);
      if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("the kubeconfig's server '%s' is no URL".formatted(server), e);
    }
    throw new IOException("the kubeconfig's server '%s' is no https:// URL".formatted(server));
  }

  private static void refuseWhatIsNotKept(Cluster cluster, AuthInfo user) throws IOException {
    refuse(user.getExec() != null, "starts a program for its credentials (user.exec)");
    refuse(
        user.getAuthProvider() != null, "asks a plugin for its credentials (user.auth-provider)");
    refuse(
        user.getUsername() != null || user.getPassword() != null,
        "has a user name and password, which API servers no longer take");
    refuse(user.getAs() != null, "impersonates another user (user.as)");
    refuse(
        Boolean.TRUE.equals(cluster.getInsecureSkipTlsVerify()),
        "does not check the server's certificate (cluster.insecure-skip-tls-verify)");
    refuse(
        cluster.getTlsServerName() != null && !cluster.getTlsServerName().isBlank(),
        "expects another name in the server's certificate (cluster.tls-server-name)");
    refuse(
        cluster.getProxyUrl() != null && !cluster.getProxyUrl().isBlank(),
        "goes through a proxy (cluster.proxy-url)");
  }

  private static void refuse(boolean condition, String what) throws IOException {
    if (condition) {
      throw new IOException(
          "the kubeconfig %s; use one with a client certificate or a token".formatted(what));
    }
  }

  private @Nullable String content(@Nullable String data, @Nullable String file, String key)
      throws IOException {
    if (data != null && !data.isBlank()) {
      try {
        return new String(Base64.getMimeDecoder().decode(data), StandardCharsets.ISO_8859_1);
      } catch (IllegalArgumentException e) {
        throw new IOException("the kubeconfig's %s-data is no base64".formatted(key), e);
      }
    }
    return file == null || file.isBlank() ? null : read(file, key);
  }

  private String read(String file, String key) throws IOException {
    Path path = Path.of(file);
    if (!path.isAbsolute()) {
      if (folder == null) {
        throw new IOException(
            "the kubeconfig's %s is '%s': a relative path, of which the folder is not known; write it in full"
                .formatted(key, file));
      }
      path = folder.resolve(path);
    }
    return files.read(path);
  }

  private static <N, T> T named(
      @Nullable List<N> list,
      Function<N, @Nullable String> name,
      Function<N, @Nullable T> content,
      String kind,
      @Nullable String wanted)
      throws IOException {
    if (list != null) {
      for (N item : list) {
        T found = content.apply(item);
        if (wanted != null && wanted.equals(name.apply(item)) && found != null) {
          return found;
        }
      }
    }
    throw new IOException("the kubeconfig has no %s named '%s'".formatted(kind, wanted));
  }
}

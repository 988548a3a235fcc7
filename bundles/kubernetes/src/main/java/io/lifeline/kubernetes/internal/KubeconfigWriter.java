package io.lifeline.kubernetes.internal;

import io.lifeline.security.api.ApiAccess;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Writes a kubeconfig with everything inline. */
final class KubeconfigWriter {

  private static final String TEMPLATE =
      """
      apiVersion: v1
      kind: Config
      current-context: lifeline
      clusters:
      - name: lifeline
        cluster:
          server: %s
          certificate-authority-data: %s
      users:
      - name: %s
        user:
      %scontexts:
      - name: lifeline
        context:
          cluster: lifeline
          user: %s
      """;

  private KubeconfigWriter() {}

  static String write(ApiAccess access, String userName) {
    String user = quoted(userName);
    StringBuilder credential = new StringBuilder();
    line(credential, "client-certificate-data", base64(access.certificatePem()));
    line(credential, "client-key-data", base64(access.keyPem()));
    line(credential, "token", access.token() == null ? null : quoted(access.token()));
    return TEMPLATE.formatted(
        quoted(access.server().toString()), base64(access.caPem()), user, credential, user);
  }

  private static void line(StringBuilder text, String key, @Nullable String value) {
    if (value != null) {
      text.append("    ").append(key).append(": ").append(value).append('\n');
    }
  }

  private static @Nullable String base64(@Nullable String pem) {
    return pem == null
        ? null
        : Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
  }

  /** A YAML double-quoted scalar; names and tokens hold no control characters. */
  private static String quoted(String text) {
    if (text.chars().anyMatch(c -> c < ' ')) {
      throw new IllegalArgumentException("a name, URL or token with control characters in it");
    }
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}

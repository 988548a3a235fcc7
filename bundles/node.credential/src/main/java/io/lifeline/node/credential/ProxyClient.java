package io.lifeline.node.credential;

import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.CredentialException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * Asks the debug proxy at the NodePort of each peer in turn, by address, with the agent's own
 * certificate, and believes only a proxy that the pinned authority signed.
 *
 * <p>{@link HttpsURLConnection} rather than the newer client: it has no threads, and this must work
 * when none can be had.
 */
final class ProxyClient {

  private static final int CONNECT_MILLIS = 2_000;
  private static final int READ_MILLIS = 5_000;
  private static final int MOST_BYTES = 64 * 1024;

  private final int port;

  ProxyClient(int port) {
    this.port = port;
  }

  /** The bootstrap kubeconfig of this worker, as YAML. */
  String bootstrap(String worker, List<String> peers, Enrolment enrolment)
      throws CredentialException {
    if (peers.isEmpty()) {
      throw new CredentialException(
          Kind.UNREACHABLE,
          "no other node is known where the proxy could answer: set 'proxy.peers' in etc/"
              + CredentialSettings.PID
              + ".cfg");
    }
    SSLContext tls = PinnedTls.context(enrolment);
    List<String> order = new ArrayList<>(peers);
    Collections.shuffle(order);
    List<String> failures = new ArrayList<>();
    for (String peer : order) {
      try {
        return ask(worker, peer, tls);
      } catch (SSLException e) {
        failures.add("%s is not our proxy (%s)".formatted(peer, e.getMessage()));
      } catch (IOException e) {
        failures.add("%s: %s".formatted(peer, e.getMessage()));
      }
    }
    throw new CredentialException(
        Kind.UNREACHABLE,
        "no debug proxy answers on port %d of any peer (%s); is there a NodeDebug for %s?"
            .formatted(port, String.join("; ", failures), worker));
  }

  private String ask(String worker, String peer, SSLContext tls)
      throws IOException, CredentialException {
    String host = peer.contains(":") ? "[" + peer + "]" : peer;
    URI uri = URI.create("https://" + host + ":" + port + "/v1/bootstrap");
    HttpsURLConnection connection = (HttpsURLConnection) uri.toURL().openConnection();
    try {
      connection.setSSLSocketFactory(tls.getSocketFactory());
      // The peer is addressed by number; who it is, the pinned authority and name have said.
      connection.setHostnameVerifier((name, session) -> true);
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(READ_MILLIS);
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      connection
          .getOutputStream()
          .write("{\"workerName\":\"%s\"}".formatted(worker).getBytes(StandardCharsets.UTF_8));
      int status = connection.getResponseCode();
      if (status == 200) {
        return body(connection.getInputStream());
      }
      InputStream refusal = connection.getErrorStream();
      throw new CredentialException(
          Kind.REFUSED,
          "the debug proxy at %s says no (%d): %s"
              .formatted(peer, status, refusal == null ? "no reason given" : body(refusal)));
    } finally {
      connection.disconnect();
    }
  }

  private static String body(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new IOException("the answer is longer than %d bytes".formatted(MOST_BYTES));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

package io.lifeline.node.credential;

import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.CredentialException.Kind;
import io.lifeline.security.api.ClusterTime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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

  private static final long WHOLE_NANOS = 60_000_000_000L;

  private final int port;
  private final ClusterTime time;
  private volatile String answered = "";

  ProxyClient(int port, ClusterTime time) {
    this.port = port;
    this.time = time;
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
    return first(
        peers,
        enrolment,
        (peer, tls) -> ask(worker, peer, tls),
        "is there a NodeDebug for %s?".formatted(worker));
  }

  /** Copies a file of a release; the peer that answered last is asked first. */
  void release(String path, long most, OutputStream to, List<String> peers, Enrolment enrolment)
      throws CredentialException, IOException {
    try {
      first(
          peers,
          enrolment,
          (peer, tls) -> {
            HttpsURLConnection connection = open(peer, "/v1/releases/" + path, tls);
            try {
              require(connection, peer);
              copy(connection, most, to);
              return "";
            } finally {
              connection.disconnect();
            }
          },
          "the operator starts one while a LifelineConfig is rolled out");
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @FunctionalInterface
  private interface Question {
    String ask(String peer, SSLContext tls) throws IOException, CredentialException;
  }

  private String first(List<String> peers, Enrolment enrolment, Question question, String hint)
      throws CredentialException {
    SSLContext tls = PinnedTls.context(enrolment, time);
    List<String> order = new ArrayList<>(peers);
    Collections.shuffle(order);
    String known = answered;
    if (order.remove(known)) {
      order.add(0, known);
    }
    List<String> failures = new ArrayList<>();
    for (String peer : order) {
      try {
        String answer = question.ask(peer, tls);
        answered = peer;
        return answer;
      } catch (SSLException e) {
        failures.add("%s is not our proxy (%s)".formatted(peer, e.getMessage()));
      } catch (IOException e) {
        failures.add("%s: %s".formatted(peer, e.getMessage()));
      }
    }
    throw new CredentialException(
        Kind.UNREACHABLE,
        "no debug proxy answers on port %d of any peer (%s); %s"
            .formatted(port, String.join("; ", failures), hint));
  }

  private String ask(String worker, String peer, SSLContext tls)
      throws IOException, CredentialException {
    HttpsURLConnection connection = open(peer, "/v1/bootstrap", tls);
    try {
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      connection
          .getOutputStream()
          .write("{\"workerName\":\"%s\"}".formatted(worker).getBytes(StandardCharsets.UTF_8));
      require(connection, peer);
      return body(connection.getInputStream());
    } finally {
      connection.disconnect();
    }
  }

  private HttpsURLConnection open(String peer, String path, SSLContext tls) throws IOException {
    String host = peer.contains(":") ? "[" + peer + "]" : peer;
    URI uri = URI.create("https://" + host + ":" + port + path);
    HttpsURLConnection connection = (HttpsURLConnection) uri.toURL().openConnection();
    connection.setSSLSocketFactory(tls.getSocketFactory());
    // The peer is addressed by number; who it is, the pinned authority and name have said.
    connection.setHostnameVerifier((name, session) -> true);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    return connection;
  }

  private static void require(HttpsURLConnection connection, String peer)
      throws IOException, CredentialException {
    int status = connection.getResponseCode();
    if (status != 200) {
      InputStream refusal = connection.getErrorStream();
      throw new CredentialException(
          Kind.REFUSED,
          "the debug proxy at %s says no (%d): %s"
              .formatted(peer, status, refusal == null ? "no reason given" : body(refusal)));
    }
  }

  /** What was written cannot be taken back: another peer is not asked after a part of it. */
  private static void copy(HttpsURLConnection from, long most, OutputStream to) {
    try {
      long bytes = copyBounded(from.getInputStream(), most, to);
      // The JDK takes a connection that breaks for the end.
      if (from.getContentLengthLong() > bytes) {
        throw new IOException(
            "the answer broke off after %d of %d bytes"
                .formatted(bytes, from.getContentLengthLong()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long copyBounded(InputStream in, long most, OutputStream to) throws IOException {
    long end = System.nanoTime() + WHOLE_NANOS;
    byte[] buffer = new byte[16 * 1024];
    long left = most;
    int read;
    while ((read = in.read(buffer)) >= 0) {
      left -= read;
      if (left < 0) {
        throw new IOException("the answer is longer than %d bytes".formatted(most));
      }
      if (System.nanoTime() - end > 0) {
        throw new IOException("the answer takes longer than a minute");
      }
      to.write(buffer, 0, read);
    }
    return most - left;
  }

  private static String body(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new IOException("the answer is longer than %d bytes".formatted(MOST_BYTES));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;

/**
 * A certificate and its key, as PEM files, for callers who prove something with them.
 *
 * @param chain the certificate's file
 * @param key the key's file
 */
public record Certificate(Path chain, Path key) {

  /** One that no authority of the cluster has signed. */
  public static Certificate ofAnotherAuthority(Path folder, String subject) {
    Path key = folder.resolve("stranger.key");
    Path chain = folder.resolve("stranger.crt");
    String line =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj '%s'"
            + " -keyout %s -out %s 2>/dev/null";
    Command.shell(line.formatted(subject, key, chain)).output();
    return new Certificate(chain, key);
  }

  /** One of an ordinary user, signed by the cluster. */
  public static Certificate ofUser(Path folder, String user, Kubectl kubectl) {
    Path key = folder.resolve(user + ".key");
    String request = "e2e-" + user;
    kubectl.run("delete", "csr", request, "--ignore-not-found");
    kubectl.apply(
        requestYaml(
            request,
            requestFor(key, "/CN=" + user),
            "kubernetes.io/kube-apiserver-client",
            "[digital signature, client auth]"));
    kubectl.out("certificate", "approve", request);
    String pem =
        Await.value(
            "the certificate of " + user + " is issued",
            Duration.ofSeconds(10),
            () -> kubectl.field("csr/" + request, "{.status.certificate}"));
    Path chain = write(folder.resolve(user + ".crt"), decoded(pem));
    kubectl.out("delete", "csr", request);
    return new Certificate(chain, key);
  }

  /** The administrator's own, from the kubeconfig; empty where it has none in it. */
  public static Optional<Certificate> ofAdministrator(Path folder, Kubectl kubectl) {
    String view =
        "jsonpath={.users[0].user.client-certificate-data} {.users[0].user.client-key-data}";
    String[] parts = kubectl.out("config", "view", "--raw", "--minify", "-o", view).split(" ");
    return parts.length == 2
        ? Optional.of(
            new Certificate(
                write(folder.resolve("admin.crt"), decoded(parts[0])),
                write(folder.resolve("admin.key"), decoded(parts[1]))))
        : Optional.empty();
  }

  /** That of an agent, as it keeps it on its tmpfs. */
  public static Certificate ofAgent(Path folder, String name, String kept) {
    Properties text = new Properties();
    try {
      text.load(new StringReader(kept));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Certificate(
        write(folder.resolve(name + ".crt"), text.getProperty("chain", "")),
        write(folder.resolve(name + ".key"), text.getProperty("key", "")));
  }

  /** A request's PEM; its new key is written to a file. */
  public static String requestFor(Path key, String subject) {
    return Command.shell(
            "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '%s' -keyout %s 2>/dev/null"
                .formatted(subject, key))
        .output();
  }

  /** A CertificateSigningRequest. */
  public static String requestYaml(String name, String pem, String signer, String usages) {
    return """
    apiVersion: certificates.k8s.io/v1
    kind: CertificateSigningRequest
    metadata:
      name: %s
    spec:
      request: %s
      signerName: %s
      usages: %s
    """
        .formatted(
            name,
            Base64.getEncoder().encodeToString((pem + "\n").getBytes(StandardCharsets.UTF_8)),
            signer,
            usages);
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " could not be written", e);
    }
  }
}

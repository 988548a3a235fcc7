package io.lifeline.node.credential;

import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.ServingCertificates.ServingCertificate;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.Pem;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the agent keeps over its own restart, on its tmpfs, readable by root alone. A machine that
 * restarts loses it, and so does whoever steals its disk.
 *
 * <p>A file is written beside its place and moved there, so that a kill leaves the old or the new.
 */
final class Vault {

  private static final Logger LOG = LoggerFactory.getLogger(Vault.class);

  private final Path directory;

  Vault(Path state) {
    directory = state.resolve("credential");
  }

  void keep(Pins pins) {
    Properties text = new Properties();
    text.setProperty(
        "servers", String.join(",", pins.servers().stream().map(URI::toString).toList()));
    text.setProperty("ca", pins.caPem());
    text.setProperty("client-ca", pins.clientCaPem());
    text.setProperty("peers", String.join(",", pins.peers()));
    write("pins", text);
  }

  Optional<Pins> pins() {
    return read("pins")
        .map(
            text ->
                new Pins(
                    items(text, "servers").stream().map(URI::create).toList(),
                    text.getProperty("ca", ""),
                    text.getProperty("client-ca", ""),
                    items(text, "peers")));
  }

  void keep(Enrolment enrolment) {
    Properties text = new Properties();
    text.setProperty("key", Pem.privateKey(enrolment.key()));
    text.setProperty("chain", Pem.certificates(enrolment.chain()));
    write("enrolment", text);
  }

  Optional<Enrolment> enrolment() {
    return read("enrolment").flatMap(Vault::enrolment);
  }

  private static Optional<Enrolment> enrolment(Properties text) {
    try {
      return Optional.of(
          new Enrolment(
              Pem.privateKey(text.getProperty("key", "")),
              Pem.certificates(text.getProperty("chain", ""))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      LOG.warn("the kept enrolment is unreadable and is made anew: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** A request that waits for a person; its key must outlive this process. */
  void keep(BootstrapRequest request) {
    Properties text = new Properties();
    text.setProperty("name", request.name());
    text.setProperty("key", request.keyPem());
    put(text, request.access());
    write("request", text);
  }

  Optional<BootstrapRequest> request() {
    return read("request")
        .map(
            text ->
                new BootstrapRequest(
                    text.getProperty("name", ""), text.getProperty("key", ""), access(text)));
  }

  void keep(NodeCredential credential) {
    Properties text = new Properties();
    text.setProperty("client-ca", credential.clientCaPem());
    text.setProperty("end", Long.toString(credential.endNanos()));
    text.setProperty("ends", credential.ends().toString());
    put(text, credential.access());
    write("node", text);
  }

  /** The credential of an earlier life, unless less than {@code least} is left of it. */
  Optional<NodeCredential> credential(Duration least) {
    return read("node").flatMap(Vault::credential).filter(kept -> kept.left().compareTo(least) > 0);
  }

  private static Optional<NodeCredential> credential(Properties text) {
    try {
      return Optional.of(
          new NodeCredential(
              access(text),
              text.getProperty("client-ca", ""),
              Long.parseLong(text.getProperty("end", "0")),
              Instant.parse(text.getProperty("ends", ""))));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      LOG.warn("the kept credential is unreadable: a new one is requested ({})", e.getMessage());
      return Optional.empty();
    }
  }

  /** The serving certificate of a credential: a door that is opened again need not ask anew. */
  void keep(ServingCertificate serving, NodeCredential of) {
    Properties text = new Properties();
    text.setProperty("key", Pem.privateKey(serving.key()));
    text.setProperty("chain", Pem.certificates(serving.chain()));
    text.setProperty("end", Long.toString(of.endNanos()));
    write("serving", text);
  }

  Optional<ServingCertificate> serving(NodeCredential of) {
    return read("serving")
        .filter(text -> text.getProperty("end", "").equals(Long.toString(of.endNanos())))
        .flatMap(Vault::serving);
  }

  /** The cluster's signer gives the certificate alone, without an authority's. */
  private static Optional<ServingCertificate> serving(Properties text) {
    try {
      return Optional.of(
          new ServingCertificate(
              Pem.privateKey(text.getProperty("key", "")),
              Pem.certificates(text.getProperty("chain", "")),
              true));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      LOG.warn("the kept serving certificate is unreadable and is made anew: {}", e.getMessage());
      return Optional.empty();
    }
  }

  void forgetRescue() {
    delete("request");
    delete("node");
    delete("serving");
  }

  private static void put(Properties text, ApiAccess access) {
    text.setProperty("server", access.server().toString());
    text.setProperty("ca", access.caPem());
    text.setProperty("access-certificate", orEmpty(access.certificatePem()));
    text.setProperty("access-key", orEmpty(access.keyPem()));
    text.setProperty("access-token", orEmpty(access.token()));
  }

  private static ApiAccess access(Properties text) {
    URI server = URI.create(text.getProperty("server", ""));
    String ca = text.getProperty("ca", "");
    String token = text.getProperty("access-token", "");
    return token.isEmpty()
        ? ApiAccess.certificate(
            server,
            ca,
            text.getProperty("access-certificate", ""),
            text.getProperty("access-key", ""))
        : ApiAccess.token(server, ca, token);
  }

  private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "" : text;
  }

  private static List<String> items(Properties text, String key) {
    return Arrays.stream(text.getProperty(key, "").split(",", -1))
        .filter(item -> !item.isEmpty())
        .toList();
  }

  private void write(String name, Properties text) {
    try {
      Files.createDirectories(directory);
      Path beside = directory.resolve(name + ".new");
      Files.deleteIfExists(beside);
      Files.createFile(
          beside,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (Writer out = Files.newBufferedWriter(beside)) {
        text.store(out, null);
      }
      Files.move(beside, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn(
          "{} could not be kept in {}: a restart of the agent would lose it ({})",
          name,
          directory,
          e.toString());
    }
  }

  private Optional<Properties> read(String name) {
    Path file = directory.resolve(name);
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    Properties text = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      text.load(in);
      return Optional.of(text);
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} is unreadable and is made anew: {}", file, e.toString());
      return Optional.empty();
    }
  }

  private void delete(String name) {
    try {
      Files.deleteIfExists(directory.resolve(name));
    } catch (IOException e) {
      LOG.warn("{} in {} could not be deleted: {}", name, directory, e.toString());
    }
  }
}

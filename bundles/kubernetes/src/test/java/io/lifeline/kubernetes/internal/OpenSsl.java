package io.lifeline.kubernetes.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Keys and certificates as a person makes them: with the openssl program, in a folder. */
record OpenSsl(Path folder) {

  String key(String name, String... command) throws IOException {
    run(command);
    return read(name);
  }

  /** An authority, ca.pem and ca.key. */
  OpenSsl authority() throws IOException {
    run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "ca.key");
    run(
        "req",
        "-x509",
        "-new",
        "-key",
        "ca.key",
        "-subj",
        "/CN=test-ca",
        "-days",
        "2",
        "-out",
        "ca.pem",
        "-addext",
        "basicConstraints=critical,CA:TRUE");
    return this;
  }

  /** A certificate for the key in {@code <name>.key}, as {@code <name>.pem}. */
  OpenSsl certificate(String name, String subject) throws IOException {
    run("req", "-new", "-key", name + ".key", "-subj", subject, "-out", name + ".csr");
    Files.writeString(folder.resolve("san"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
    run(
        "x509",
        "-req",
        "-in",
        name + ".csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        "san",
        "-out",
        name + ".pem");
    return this;
  }

  /** The same with dates as {@code 20200101000000Z}, and for this name or address alone. */
  OpenSsl dated(String name, String alternativeName, String from, String until) throws IOException {
    run("req", "-new", "-key", name + ".key", "-subj", "/CN=kube-apiserver", "-out", name + ".csr");
    Files.writeString(folder.resolve("san"), "subjectAltName=" + alternativeName + "\n");
    Files.writeString(folder.resolve("index"), "");
    Files.writeString(
        folder.resolve("ca.cnf"),
        """
        [ca]
        default_ca=one
        [one]
        database=index
        new_certs_dir=.
        rand_serial=yes
        default_md=sha256
        policy=any
        [any]
        commonName=supplied
        """);
    run(
        "ca",
        "-batch",
        "-notext",
        "-config",
        "ca.cnf",
        "-cert",
        "ca.pem",
        "-keyfile",
        "ca.key",
        "-startdate",
        from,
        "-enddate",
        until,
        "-extfile",
        "san",
        "-in",
        name + ".csr",
        "-out",
        name + ".pem");
    return this;
  }

  String read(String name) throws IOException {
    return Files.readString(folder.resolve(name), StandardCharsets.US_ASCII);
  }

  void run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(command + ": " + read("openssl.log"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}

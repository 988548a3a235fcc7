package io.lifeline.itests.e2e.bench;

import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/**
 * A pod to measure with, behind one of the two kubelets. In both the machine's root is at /host, so
 * that the very same programs run.
 */
record Place(Kubectl kubectl, String pod) {

  private static final Duration LONG = Duration.ofMinutes(3);
  private static final int WARM = 30;
  private static final Duration SOON = Duration.ofSeconds(10);

  /**
   * What a transfer took, and whether its checksum was the file's: old kubelets lose the end of
   * some, or break one off.
   */
  record Transfer(double millis, boolean whole) {}

  /** How kubectl carries the streams. */
  enum By {
    /** By WebSocket where the node takes it, else, asking a second time, by SPDY. */
    ITS_CHOICE,
    SPDY
  }

  /** Where the file to download lies on each worker. */
  static final String FILE = "/var/tmp/lifeline-bench.bin";

  /** In memory, at both ends: how quick a disk takes it in is not what is measured. */
  private static final String MEMORY = "/dev/shm";

  private static final String UPLOADED = MEMORY + "/lifeline-bench.up";

  /** Makes it there, and returns its checksum: not a thing that is measured. */
  String make(long bytes) {
    String line = "head -c %d /dev/urandom >%s && sha256sum <%s".formatted(bytes, FILE, FILE);
    Command.Outcome outcome = exec("sh", "-c", line).run();
    millis(outcome);
    return outcome.out().split(" ", 2)[0];
  }

  /** And away. */
  void forget() {
    exec("rm", "-f", FILE, UPLOADED).run();
  }

  private Command exec(String... command) {
    List<String> words = new ArrayList<>(List.of("exec", "-i", pod, "--", "chroot", "/host"));
    words.addAll(List.of(command));
    return kubectl.within(LONG).command(words.toArray(String[]::new));
  }

  private static double millis(Command.Outcome outcome) {
    if (!outcome.succeeded()) {
      throw new AssertionError("this command failed:\n" + outcome);
    }
    return outcome.took().toNanos() / 1e6;
  }

  double execTrue() {
    return millis(exec("true").run());
  }

  /** Until the person sees the shell's prompt. */
  double firstPrompt() {
    long began = System.nanoTime();
    try (Terminal terminal =
        Terminal.open(kubectl.words("exec", "-it", pod, "--", "chroot", "/host", "sh"))) {
      terminal.expect(Pattern.compile("[#$] "), SOON);
      return (System.nanoTime() - began) / 1e6;
    }
  }

  private Command exec(By by, String... command) {
    Command exec = exec(command);
    return switch (by) {
      case ITS_CHOICE -> exec;
      case SPDY -> exec.with("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", "false");
    };
  }

  /** Downloads a file of the worker and compares its checksum, which is not measured. */
  Transfer download(By by, String sha256) throws IOException {
    Path into = Files.createTempFile(Path.of(MEMORY), "lifeline-bench-", ".down");
    try {
      Command.Outcome outcome = exec(by, "cat", FILE).to(into).run();
      return transfer(outcome, Command.of("sha256sum", into.toString()), sha256);
    } finally {
      Files.deleteIfExists(into);
    }
  }

  /** Downloads the same file as kubectl cp does: by tar, which writes 10 KiB at a time. */
  Transfer copy(String sha256) throws IOException {
    Path into = Files.createTempFile(Path.of(MEMORY), "lifeline-bench-", ".tar");
    try {
      Command.Outcome outcome = exec("tar", "-cf", "-", FILE).to(into).run();
      return transfer(outcome, Command.shell("tar -xOf %s | sha256sum".formatted(into)), sha256);
    } finally {
      Files.deleteIfExists(into);
    }
  }

  /** Uploads a file; its sum there must be the file's, and is not a part of what is measured. */
  Transfer upload(By by, Path file, String sha256) {
    // The 1.20 kubelet breaks off the upload to a command that says nothing at its end.
    String line = "cat >%s; wc -c <%1$s".formatted(UPLOADED);
    Command.Outcome outcome = exec(by, "sh", "-c", line).from(file).run();
    Transfer transfer = transfer(outcome, exec("sha256sum", UPLOADED), sha256);
    exec("rm", "-f", UPLOADED).run();
    return transfer;
  }

  private static Transfer transfer(Command.Outcome outcome, Command sum, String sha256) {
    boolean whole = outcome.succeeded() && sum.output().startsWith(sha256);
    return new Transfer(outcome.took().toNanos() / 1e6, whole);
  }

  /** So many execs at once, until the last has ended. */
  double atOnce(int sessions) {
    ExecutorService people = Executors.newFixedThreadPool(sessions);
    try {
      long began = System.nanoTime();
      List<Future<Double>> all = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        all.add(people.submit(this::execTrue));
      }
      for (Future<Double> one : all) {
        one.get();
      }
      return (System.nanoTime() - began) / 1e6;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException e) {
      throw new AssertionError("one of %d sessions failed: %s".formatted(sessions, e), e);
    } finally {
      people.shutdownNow();
    }
  }

  /** Sessions that say nothing; closing them ends them. */
  List<Process> idle(int sessions) throws IOException {
    List<Process> idle = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      idle.add(kept("exec", "-i", pod, "--", "chroot", "/host", "sh", "-c", "echo on; exec cat"));
    }
    for (Process one : idle) {
      if (one.getInputStream().read() != 'o') {
        throw new AssertionError("an idle session did not begin");
      }
    }
    return idle;
  }

  /** A download whose reader has stopped. */
  Process stalled() throws IOException {
    return kept("exec", pod, "--", "chroot", "/host", "cat", "/dev/zero");
  }

  private Process kept(String... arguments) throws IOException {
    return new ProcessBuilder(kubectl.words(arguments))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /**
   * Reads so much from a port of the pod. Its server is Debian's perl, which every worker has.
   *
   * @param port a free one of the worker's
   */
  double forward(int port, long bytes) throws IOException {
    String server =
        "use IO::Socket::INET; $l = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => %d,"
                .formatted(port)
            + " Listen => 1, ReuseAddr => 1) or die; $| = 1; print \"ready\\n"
            + "\"; $c = $l->accept; $b ="
            + " \"\\0\" x 65536; for ($n = 0; $n < %d; $n += 65536) { print $c $b or die }"
                .formatted(bytes);
    Process serving = kept("exec", "-i", pod, "--", "chroot", "/host", "perl", "-e", server);
    Process forwarding = kept("port-forward", "--address=127.0.0.1", pod, ":" + port);
    try (BufferedReader told = reader(forwarding)) {
      reader(serving).readLine();
      String line = told.readLine();
      if (line == null) {
        throw new AssertionError("kubectl port-forward to %s did not begin".formatted(pod));
      }
      int local = Integer.parseInt(line.replaceAll(".*127\\.0\\.0\\.1:(\\d+) .*", "$1"));
      long began = System.nanoTime();
      try (Socket socket = new Socket("127.0.0.1", local)) {
        socket.setSoTimeout((int) LONG.toMillis());
        long got = 0;
        byte[] buffer = new byte[65536];
        InputStream in = socket.getInputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          got += n;
        }
        if (got != bytes) {
          throw new AssertionError("%d of %d bytes came through".formatted(got, bytes));
        }
      }
      return (System.nanoTime() - began) / 1e6;
    } finally {
      forwarding.destroy();
      serving.destroy();
    }
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Types single keys into a program that gives each back, one after the other. The first are not
   * counted: they load classes, of ours and of kubectl's.
   */
  Samples echo(int keys) {
    Samples samples = new Samples();
    List<String> words =
        kubectl.words("exec", "-it", pod, "--", "chroot", "/host", "sh", "-c", ECHO);
    try (Terminal terminal = Terminal.open(words)) {
      terminal.expect("echo-begins", SOON);
      for (int i = -WARM; i < keys; i++) {
        String key = String.valueOf((char) ('a' + (i + WARM) % 26));
        long began = System.nanoTime();
        terminal.send(key);
        terminal.expect(Pattern.compile(key), SOON);
        if (i >= 0) {
          samples.add((System.nanoTime() - began) / 1e6);
        }
      }
    }
    return samples;
  }

  private static final String ECHO = "stty raw -echo; echo echo-begins; exec cat";
}

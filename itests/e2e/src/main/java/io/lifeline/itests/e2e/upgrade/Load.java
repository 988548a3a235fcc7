package io.lifeline.itests.e2e.upgrade;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What goes on while the agent is upgraded, besides typing: a download and an upload, one after the
 * other without a pause and each compared by its checksum, a port-forward whose every byte comes
 * back, and somebody who knocks at each door all the time.
 */
public final class Load implements AutoCloseable {

  private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:([0-9]+)");
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Kubectl kubectl;
  private final String pod;
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<Knocks> doors = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<Process> helpers = new ArrayList<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong transfers = new AtomicLong();
  private volatile boolean stopping;

  public Load(Kubectl kubectl, String pod) {
    this.kubectl = kubectl.within(LONG);
    this.pod = pod;
  }

  private interface Work {
    void once() throws Exception;
  }

  private void forever(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              while (!stopping) {
                try {
                  work.once();
                } catch (Exception | AssertionError e) {
                  if (!stopping) {
                    failures.add("%s, %s: %s".formatted(Instant.now(), name, e.getMessage()));
                    return;
                  }
                }
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    threads.add(thread);
  }

  /** Downloads a file of the worker over and over. */
  public void download(String file, Path to, String sha256) {
    forever(
        "download",
        () -> {
          Command.Outcome got =
              kubectl.command("exec", pod, "--", "cat", "/host" + file).to(to).run();
          expect(got, Command.of("sha256sum", to.toString()).output().split(" ", 2)[0], sha256);
          bytes.addAndGet(Files.size(to));
        });
  }

  /** Uploads a file over and over. */
  public void upload(Path file, String sha256) {
    forever(
        "upload",
        () -> {
          Command.Outcome put =
              kubectl
                  .command("exec", "-i", pod, "--", "chroot", "/host", "sha256sum")
                  .from(file)
                  .run();
          expect(put, put.out().split(" ", 2)[0], sha256);
          bytes.addAndGet(Files.size(file));
        });
  }

  private void expect(Command.Outcome outcome, String found, String sha256) {
    if (!outcome.succeeded() || !found.equals(sha256)) {
      throw new AssertionError("%s; its checksum is %s".formatted(outcome, found));
    }
    transfers.incrementAndGet();
  }

  /** One connection through one port-forward, for all of the time. */
  public void forward(int port) throws IOException {
    Process process =
        helper(kubectl.words("port-forward", "pod/" + pod, "--address=127.0.0.1", ":" + port));
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(process));
    socket.setSoTimeout(20_000);
    Random random = new Random(7);
    forever(
        "port-forward",
        () -> {
          byte[] said = new byte[512];
          random.nextBytes(said);
          OutputStream out = socket.getOutputStream();
          out.write(said);
          byte[] heard = socket.getInputStream().readNBytes(said.length);
          if (!Arrays.equals(said, heard)) {
            throw new AssertionError("other bytes came back, or fewer: " + heard.length);
          }
          bytes.addAndGet(2L * said.length);
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        });
  }

  /** Asks the backup node's health, by way of the API server, a hundred times a second. */
  public void knock(String backupNode) throws IOException {
    Process process = helper(kubectl.words("proxy", "--address=127.0.0.1", "--port=0"));
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:%d/api/v1/nodes/%s/proxy/healthz"
                        .formatted(port(process), backupNode)))
            .timeout(Duration.ofSeconds(20))
            .build();
    // A newer version would be asked for by an upgrade, which a kubelet takes for its own.
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    Knocks knocks = new Knocks("kubelet");
    doors.add(knocks);
    forever(
        "knock",
        () ->
            knocks.once(
                () -> {
                  HttpResponse<String> answer =
                      client.send(request, HttpResponse.BodyHandlers.ofString());
                  return answer.statusCode() == 200
                      ? ""
                      : answer.statusCode() + " " + answer.body().strip();
                }));
  }

  /** Connects to the SSH front end and waits until it says what it is. */
  public void knockSsh(String host, int port) {
    Knocks knocks = new Knocks("ssh");
    doors.add(knocks);
    forever(
        "ssh knock",
        () ->
            knocks.once(
                () -> {
                  try (Socket socket = new Socket(host, port)) {
                    socket.setSoTimeout(20_000);
                    String said = new String(socket.getInputStream().readNBytes(7), UTF_8);
                    return said.equals("SSH-2.0") ? "" : "it said '" + said + "'";
                  }
                }));
  }

  private Process helper(List<String> words) throws IOException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    helpers.add(process);
    return process;
  }

  /** What it says first names the port. */
  private static int port(Process process) throws IOException {
    InputStream in = process.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      line.append((char) c);
      Matcher found = PORT.matcher(line);
      if (c == '\n' && found.find()) {
        return Integer.parseInt(found.group(1));
      }
    }
    throw new IOException("no port was named: " + line);
  }

  /** Lets what has begun come to its end. */
  public void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join(LONG.toMillis());
    }
  }

  public List<String> failures() {
    return failures;
  }

  /** Who knocked where, and what came of it. */
  public List<Knocks> doors() {
    return doors;
  }

  public long transfers() {
    return transfers.get();
  }

  public long bytes() {
    return bytes.get();
  }

  @Override
  public void close() {
    stopping = true;
    helpers.forEach(Process::destroy);
  }
}

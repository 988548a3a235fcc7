package io.lifeline.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.security.api.Identity;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.SessionStreams;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ConsoleSessionTest {

  private static final Identity ME =
      new Identity("me@laptop (SHA256:x)", Set.of(), Identity.Proof.SSH_KEY);

  /** A client that keeps what it hears. */
  private static final class Client implements SessionStreams {

    private final StringBuffer heard = new StringBuffer();
    private final CompletableFuture<ExitStatus> end = new CompletableFuture<>();

    @Override
    public void stdout(ByteBuffer bytes) {
      heard.append(StandardCharsets.UTF_8.decode(bytes));
    }

    @Override
    public void stderr(ByteBuffer bytes) {
      stdout(bytes);
    }

    @Override
    public void inputWanted() {}

    @Override
    public void ended(ExitStatus status) {
      end.complete(status);
    }
  }

  /**
   * A shell that repeats commands, fails when it is told to, and as a shell repeats what is typed.
   */
  private static SessionFactory shells() {
    return (SessionFactory)
        Proxy.newProxyInstance(
            ConsoleSessionTest.class.getClassLoader(),
            new Class<?>[] {SessionFactory.class},
            (proxy, method, arguments) ->
                shell((InputStream) arguments[0], (PrintStream) arguments[1]));
  }

  private static Session shell(InputStream in, PrintStream out) {
    return (Session)
        Proxy.newProxyInstance(
            ConsoleSessionTest.class.getClassLoader(),
            new Class<?>[] {Session.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "put" -> out.println(arguments[0] + "=" + arguments[1]);
                case "run" -> new CountDownLatch(1).await();
                case "execute" -> {
                  if (arguments[0].equals("fail")) {
                    throw new IllegalStateException("as you wish");
                  }
                  out.println("asked: " + arguments[0]);
                }
                default -> {}
              }
              return null;
            });
  }

  private static ProcessSpec process(String line, boolean tty) {
    return new ProcessSpec(List.of(line), Map.of(), true, tty, Optional.empty());
  }

  private static ExitStatus run(Client client, String line) throws Exception {
    new ConsoleSession(shells(), ME, process(line, false), client).start();
    return client.end.get();
  }

  @Test
  void aCommandIsRunInTheNameOfWhoHasComeIn() throws Exception {
    Client client = new Client();
    assertThat(run(client, "rescue:status -o json").shellCode()).isZero();
    assertThat(client.heard).contains("USER=me@laptop\n", "asked: rescue:status -o json");
  }

  @Test
  void aFailureIsToldAndSoIsThatAShellNeedsATerminal() throws Exception {
    Client client = new Client();
    assertThat(run(client, "fail").shellCode()).isEqualTo(1);
    assertThat(client.heard).contains("as you wish");
    Client blank = new Client();
    assertThat(run(blank, "").shellCode()).isEqualTo(1);
    assertThat(blank.heard).contains("needs a terminal");
  }

  @Test
  void whoGoesEndsWhatHeHasBegun() throws Exception {
    Client client = new Client();
    ConsoleSession session = new ConsoleSession(shells(), ME, process("", true), client);
    session.start();
    session.close();
    assertThat(client.end.get().shellCode()).isEqualTo(129);
  }
}

package io.lifeline.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ConsoleCounterTest {

  @TempDir Path folder;
  private ConsoleCounter counter;
  private Thread thread;

  /** A shell that says what it was asked, and fails when it is told to. */
  private static SessionFactory shells() {
    return (SessionFactory)
        Proxy.newProxyInstance(
            ConsoleCounterTest.class.getClassLoader(),
            new Class<?>[] {SessionFactory.class},
            (proxy, method, arguments) -> shell((PrintStream) arguments[1]));
  }

  private static Session shell(PrintStream out) {
    return (Session)
        Proxy.newProxyInstance(
            ConsoleCounterTest.class.getClassLoader(),
            new Class<?>[] {Session.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("execute")) {
                if (arguments[0].equals("fail")) {
                  throw new IllegalStateException("as you wish");
                }
                out.println("asked: " + arguments[0]);
              }
              return null;
            });
  }

  @BeforeEach
  void open() throws Exception {
    Path made = folder.resolve("in");
    assertThat(new ProcessBuilder("mkfifo", "-m", "600", made.toString()).start().waitFor())
        .isZero();
    counter = new ConsoleCounter(shells(), folder);
    thread = new Thread(counter, "counter");
    thread.start();
  }

  @AfterEach
  void close() throws Exception {
    counter.close();
    thread.join();
  }

  private String reply(String name, String line) throws Exception {
    Files.writeString(folder.resolve("in"), line + "\n");
    while (!Files.exists(folder.resolve(name))) {
      Thread.onSpinWait();
    }
    return Files.readString(folder.resolve(name));
  }

  @Test
  void eachLineIsRunAndAnsweredInAFileOfItsName() throws Exception {
    assertThat(reply("reply-1", "reply-1 rescue:status -o json"))
        .isEqualTo("0\nasked: rescue:status -o json\n");
    assertThat(reply("reply-2", "reply-2 fail")).isEqualTo("1\nas you wish\n");
  }

  @Test
  void aReplyIsNeverWrittenElsewhere() throws Exception {
    Files.writeString(folder.resolve("in"), "../reply-3 x\nreply-4/../../y z\n\n");
    reply("reply-5", "reply-5 last");
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("in", "reply-5");
    }
    assertThat(folder.resolveSibling("reply-3")).doesNotExist();
  }
}

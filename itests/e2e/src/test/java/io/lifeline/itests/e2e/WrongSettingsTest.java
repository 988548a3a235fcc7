package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A wrong value of any key is refused by the running distribution with the file, the key, the value
 * and the rule. All roles run at once with one configuration folder; each key in turn is given a
 * wrong value there, the first one before the start.
 */
@Order(5)
class WrongSettingsTest {

  private static final String WRONG = "-?! no such value";
  private static final Duration TOLD = Duration.ofSeconds(6);
  private static final List<String> ROLES = List.of("agent", "operator", "proxy", "removal");

  /** What bin/lifeline, or this test, has set by a variable, which wins over the file. */
  private static final Set<String> SET_BY_VARIABLE =
      Set.of(
          "io.lifeline.node.worker/root",
          "io.lifeline.node.worker/state",
          "io.lifeline.ssh.server/trusted.ca");

  @TempDir static Path folder;

  /** Whether the first test has passed: else each of the others would wait in vain. */
  private static boolean started;

  private static final List<Process> PROCESSES = new ArrayList<>();

  private static Path home() {
    return Path.of(System.getenv("E2E_HOME"));
  }

  private static Path distribution() {
    return home().resolve("karaf-assembly/target/assembly");
  }

  private static Path etc() {
    return folder.resolve("etc");
  }

  private static List<EtcFile> files() {
    return EtcFile.in(home().resolve("etc"));
  }

  @BeforeAll
  static void theRolesRun() throws IOException {
    Command.of("cp", "-a", distribution().resolve("etc").toString(), etc().toString()).output();
    Path custom = etc().resolve("custom.properties");
    Files.writeString(
        custom, Files.readString(custom).replaceAll("(felix.fileinstall.poll *=).*", "$1 200"));
    for (EtcFile file : files()) {
      Files.writeString(etc().resolve(file.pid() + ".cfg"), wrong(file.keys().get(0)));
    }
    for (String role : ROLES) {
      PROCESSES.add(start(role));
    }
  }

  private static String wrong(String key) {
    return key + " = " + WRONG + "\n";
  }

  /** In namespaces of its own: it meets no network, and mounts nothing that stays. */
  private static Process start(String role) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                "unshare", "--net", "--mount", distribution().resolve("bin/lifeline").toString())
            .redirectErrorStream(true)
            .redirectOutput(log(role).toFile());
    builder.environment().put("LIFELINE_ROLE", role);
    builder.environment().put("LIFELINE_SUPERVISE", "false");
    builder.environment().put("LIFELINE_ETC", etc().toString());
    builder.environment().put("LIFELINE_STATE_DIR", folder.resolve("state-" + role).toString());
    builder.environment().put("LIFELINE_NODE_WORKER_ROOT", "/");
    builder.environment().put("HOST_IP", "127.0.0.1");
    builder.environment().put("LIFELINE_SSH", "true");
    builder.environment().put("LIFELINE_SSH_SERVER_TRUSTED_CA", folder + "/nobody");
    builder.environment().put("KUBECONFIG", folder.resolve("no-kubeconfig").toString());
    return builder.start();
  }

  private static Path log(String role) {
    return folder.resolve(role + ".log");
  }

  private static String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String role : ROLES) {
      all.append(Files.readString(log(role)));
    }
    return all.toString();
  }

  @AfterAll
  static void theRolesEnd() throws IOException {
    Path kept = Files.createDirectories(home().resolve("target/e2e-logs/settings"));
    for (String role : ROLES) {
      Files.copy(log(role), kept.resolve(role + ".log"), StandardCopyOption.REPLACE_EXISTING);
    }
    for (Process process : PROCESSES) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /**
   * A component whose provider is refused is not asked yet: so each file is made right as soon as
   * it has been refused.
   */
  @Test
  @Order(1)
  void everyFileThatIsWrongAtTheStartIsRefused() {
    List<EtcFile> waiting = new ArrayList<>(files());
    waiting.removeIf(file -> SET_BY_VARIABLE.contains(file.pid() + "/" + file.keys().get(0)));
    Await.until(
        "each file with a wrong first key is refused",
        TOLD.multipliedBy(5),
        () -> {
          String logs = logs();
          for (EtcFile file : List.copyOf(waiting)) {
            if (logs.contains(told(file.pid(), file.keys().get(0)))) {
              waiting.remove(file);
              Files.writeString(etc().resolve(file.pid() + ".cfg"), "");
            }
          }
          if (!waiting.isEmpty()) {
            throw new IllegalStateException("not refused yet: " + waiting);
          }
          return true;
        });
    started = true;
  }

  @TestFactory
  @Order(2)
  Stream<DynamicTest> eachOtherKeyIsRefusedWhenItBecomesWrong() {
    return files().stream()
        .flatMap(
            file ->
                file.keys().stream()
                    .skip(1)
                    .map(
                        key ->
                            dynamicTest(
                                "a wrong '%s' of %s is refused".formatted(key, file.pid()),
                                () -> becomesWrong(file.pid(), key))));
  }

  private static void becomesWrong(String pid, String key) throws IOException {
    assumeThat(started).as("whether the start refused what it had to").isTrue();
    Path file = etc().resolve(pid + ".cfg");
    Files.writeString(file, wrong(key));
    try {
      if (!SET_BY_VARIABLE.contains(pid + "/" + key)) {
        refused(pid, key);
      }
    } finally {
      Files.writeString(file, "");
    }
  }

  private static void refused(String pid, String key) throws IOException {
    String told = told(pid, key);
    Await.until(
        "a log says \"%s…\" and the rule".formatted(told), TOLD, () -> logs().contains(told));
    String line = logs().lines().filter(l -> l.contains(told)).findFirst().orElseThrow();
    assertThat(line).contains("', but ");
  }

  private static String told(String pid, String key) {
    return "etc/%s.cfg: key '%s' has the value '".formatted(pid, key);
  }
}

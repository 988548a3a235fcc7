package io.lifeline.runtime.oci.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.node.api.JournalQuery;
import io.lifeline.runtime.oci.Heard;
import io.lifeline.runtime.oci.container.Awaited;
import io.lifeline.runtime.oci.container.Limits;
import io.lifeline.runtime.oci.linux.NativeLibraries;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ExitStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JournalctlTest {

  private static final JournalQuery KUBELET = kubelet(Optional.empty());

  @TempDir Path bin;

  @BeforeAll
  static void load() throws Exception {
    NativeLibraries.load(Files.createTempDirectory("lifeline-test"));
  }

  private static JournalQuery kubelet(Optional<String> pattern) {
    return new JournalQuery(
        List.of("kubelet"),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        pattern,
        OptionalInt.empty());
  }

  private Journalctl journal(String script) throws Exception {
    Path program = Files.writeString(bin.resolve("journalctl"), "#!/bin/bash\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return journal();
  }

  private Journalctl journal() {
    return new Journalctl(
        Path.of("/"),
        List.of("/nonexistent", bin.toString()),
        new Awaited(bin.resolve("awaited")),
        new Limits(Duration.ofSeconds(10), Duration.ofMillis(200), 1));
  }

  @Test
  void theWordsAreFixedAndEachValueStandsBehindItsOption() {
    JournalQuery query =
        new JournalQuery(
            List.of("kubelet", "user@1000.service"),
            Optional.of(Instant.parse("2026-11-22T10:00:00.25Z")),
            Optional.of(Instant.parse("2026-11-22T11:00:00Z")),
            OptionalInt.of(7),
            Optional.of("--file=/etc/shadow; $(id)"),
            OptionalInt.of(-1));
    assertThat(Journalctl.arguments(query))
        .containsExactly(
            "journalctl",
            "--utc",
            "--no-pager",
            "--quiet",
            "--output=short-precise",
            "--since=@1795341600.250000",
            "--until=@1795345200.000000",
            "--lines=7",
            "--unit=kubelet",
            "--unit=user@1000.service",
            "--grep=--file=/etc/shadow; $(id)",
            "--boot=-1");
  }

  @Test
  void whatItSaysComesAsItIsAndNoShellReadsTheWords() throws Exception {
    try (Journalctl journal = journal("printf '%s|' \"$@\"; echo complaint >&2; exit 1")) {
      Heard heard = new Heard();
      journal.ask(kubelet(Optional.of("a b;$(id)")), heard);
      assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(1));
      assertThat(heard.out()).contains("|--unit=kubelet|--grep=a b;$(id)|");
      assertThat(heard.err()).isEqualTo("complaint\n");
    }
    assertThat(bin.resolve("awaited").toFile().list()).isEmpty();
  }

  @Test
  void closingEndsTheQuestion() throws Exception {
    try (Journalctl journal = journal("echo one; exec sleep 600")) {
      Heard heard = new Heard();
      ContainerProcess asked = journal.ask(KUBELET, heard);
      heard.until("one\n"::equals);
      asked.close();
      assertThat(heard.end().shellCode()).isNotZero();
    }
  }

  @Test
  void aWorkerWithoutOneIsTold() {
    try (Journalctl journal = journal()) {
      assertThatThrownBy(() -> journal.ask(KUBELET, new Heard()))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("the worker's journal cannot be asked")
          .hasMessageContaining("journalctl");
    }
  }
}

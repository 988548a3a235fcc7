package io.lifeline.session.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditFileTest {

  @TempDir Path directory;

  @Test
  void linesAreAddedAlsoByALaterLife() throws Exception {
    try (AuditFile file = new AuditFile(directory, 16)) {
      file.add("one");
    }
    try (AuditFile file = new AuditFile(directory, 16)) {
      file.add("two");
    }
    assertThat(Files.readAllLines(directory.resolve("audit.jsonl"))).containsExactly("one", "two");
  }

  @Test
  void bothFilesTogetherStayBelowTheBoundAndTheLastLinesAreKept() throws Exception {
    try (AuditFile file = new AuditFile(directory, 16)) {
      for (int i = 0; i < 1000; i++) {
        file.add("line %04d %s".formatted(i, "x".repeat(100)));
      }
    }
    long all;
    try (Stream<Path> files = Files.list(directory)) {
      all = files.mapToLong(path -> path.toFile().length()).sum();
    }
    assertThat(all).isBetween(8 * 1024L, 16 * 1024L);
    assertThat(Files.readString(directory.resolve("audit.jsonl"))).contains("line 0999");
    assertThat(Files.readString(directory.resolve("audit.1.jsonl"))).startsWith("line 08");
  }

  @Test
  void aFileThatCannotBeWrittenHarmsNobody() {
    try (AuditFile file = new AuditFile(Path.of("/proc/none"), 16)) {
      file.add("one");
      file.add("two");
    }
    assertThat(directory).isEmptyDirectory();
  }
}

package io.lifeline.session.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.config.Settings;
import io.lifeline.session.engine.EngineSettings.Recorded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ring of 1 MiB. */
class RecordingsTest {

  private static final int PIECE = 300 * 1024;

  @TempDir private Path directory;
  private Recordings recordings;

  @BeforeEach
  void begin() {
    Recorded settings =
        EngineSettings.of(Settings.of(EngineSettings.PID, Map.of("recordings.max", "1")))
            .recorded();
    recordings = new Recordings(directory, settings);
  }

  private boolean write(FileChannel file, String id) throws IOException {
    if (!recordings.take(id, PIECE)) {
      return false;
    }
    file.write(ByteBuffer.allocate(PIECE));
    return true;
  }

  private void finished(String id) throws IOException {
    try (FileChannel file = recordings.begin(id)) {
      assertThat(write(file, id)).isTrue();
    }
    recordings.finished(id);
  }

  @Test
  void theOldestThatIsFinishedMakesRoom() throws IOException {
    finished("amber-1");
    finished("amber-2");
    finished("amber-3");
    finished("amber-4");
    assertThat(recordings.all()).hasSize(3);
  }

  @Test
  void theRoomOfFilesThatAPersonHasRemovedIsThereAgain() throws IOException {
    finished("amber-1");
    finished("amber-2");
    finished("amber-3");
    for (int i = 1; i <= 3; i++) {
      Files.delete(directory.resolve("amber-%d.cast".formatted(i)));
    }
    assertThat(recordings.hasRoom()).isTrue();
    try (FileChannel file = recordings.begin("amber-4")) {
      assertThat(write(file, "amber-4")).isTrue();
      assertThat(write(file, "amber-4")).isTrue();
      assertThat(write(file, "amber-4")).isTrue();
      assertThat(write(file, "amber-4")).as("the ring is full").isFalse();
    }
  }

  @Test
  void aFileThatIsRemovedWhileItIsWrittenStillTakesItsRoom() throws IOException {
    try (FileChannel file = recordings.begin("amber-1")) {
      for (int i = 0; i < 3; i++) {
        assertThat(write(file, "amber-1")).isTrue();
        Files.deleteIfExists(directory.resolve("amber-1.cast"));
      }
      assertThat(write(file, "amber-1")).isFalse();
      recordings.finished("amber-1");
    }
    assertThat(recordings.take("amber-2", PIECE)).isTrue();
  }
}

package io.lifeline.runtime.oci.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.runtime.oci.tool.Tool;
import io.lifeline.session.api.ContainerInput;
import io.lifeline.session.api.ContainerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContainerRecordTest {

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void theNextLifeReadsWhatThisOneWrote(ContainerInput input) throws IOException {
    ContainerRecord record =
        new ContainerRecord(
            new ContainerSpec("debug-1", "w2", List.of(), Map.of("A", "b"), "/host", true, input),
            new Tool("/usr/bin/runc", "1.1"),
            7,
            70);
    record.write(directory);
    assertThat(ContainerRecord.read(directory)).contains(record);
  }

  @Test
  void theRecordOfAnAgentThatKnewNoStdinOnceIsRead() throws IOException {
    Files.writeString(
        directory.resolve("container.properties"),
        """
        id=debug-1
        hostname=w2
        mount=/host
        tty=false
        stdin=true
        runtime=/usr/bin/runc
        version=1.1
        pid=7
        started=70
        """);
    assertThat(ContainerRecord.read(directory))
        .hasValueSatisfying(
            record -> assertThat(record.spec().input()).isEqualTo(ContainerInput.OPEN));
  }
}

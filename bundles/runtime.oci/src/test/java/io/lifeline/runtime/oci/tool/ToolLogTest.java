package io.lifeline.runtime.oci.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ToolLogTest {

  @Test
  void runcsLastErrorIsFound() {
    assertThat(
            ToolLog.lastError(
                """
                {"level":"warning","msg":"signal: killed","time":"2026-11-22T11:25:11Z"}
                {"level":"error","msg":"exec failed: exec: \\"x\\": executable file not found in $PATH","time":"2026-11-22T11:25:11Z"}
                """))
        .isEqualTo("exec failed: exec: \"x\": executable file not found in $PATH");
  }

  @Test
  void crunsLastErrorIsFound() {
    assertThat(
            ToolLog.lastError(
                """
                {"msg":"executable file `x` not found in $PATH: No such file or directory","level":"error","time":"2026-11-22T11:25:11.000000Z"}
                """))
        .isEqualTo("executable file `x` not found in $PATH: No such file or directory");
  }

  @Test
  void warningsAndOtherLinesAreNoErrors() {
    assertThat(ToolLog.lastError("{\"level\":\"warning\",\"msg\":\"x\"}\nrubbish\n")).isEmpty();
    assertThat(ToolLog.lastError("{\"level\":\"error\",\"msg\":\"a\\u0041\\n\\\\b\"}"))
        .isEqualTo("aA\n\\b");
  }
}

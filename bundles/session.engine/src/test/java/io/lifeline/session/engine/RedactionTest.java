package io.lifeline.session.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RedactionTest {

  @Test
  void whatLooksLikeASecretIsHidden() {
    assertThat(Redaction.of(List.of("mysql", "--password", "hunter2", "-u", "root")))
        .containsExactly("mysql", "--password", "***", "-u", "root");
    assertThat(Redaction.of(List.of("x", "--api-key=abc"))).containsExactly("x", "--api-key=***");
    assertThat(Redaction.of(List.of("sh", "-c", "export TOKEN='a b'; curl")))
        .containsExactly("sh", "-c", "export TOKEN=***; curl");
    assertThat(Redaction.of(List.of("curl", "-H", "Authorization: Bearer abcdef.ghi")))
        .noneMatch(word -> word.contains("abcdef"));
  }

  /** What is quadratic takes minutes here, and held up whoever wanted a shell. */
  @Test
  @Timeout(30)
  void aLongCommandIsLookedThroughOnce() {
    for (String piece :
        List.of("x", "token", "token=", "token =\"", "--password-", "basic ", " :'")) {
      String script = piece.repeat(200_000);
      assertThat(Redaction.of(List.of("sh", "-c", script, "--" + script))).hasSize(4);
    }
    String script = "x".repeat(200_000) + " TOKEN=abc";
    assertThat(Redaction.of(List.of(script)).get(0)).endsWith("x TOKEN=***");
  }

  @Test
  void whatDoesNotIsLeftAlone() {
    List<String> plain = List.of("bash", "-c", "ls -l /host/etc; passwd --status root");
    assertThat(Redaction.of(plain)).isEqualTo(plain);
  }
}

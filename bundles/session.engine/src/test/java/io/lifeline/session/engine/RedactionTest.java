package io.lifeline.session.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

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

  @Test
  void whatDoesNotIsLeftAlone() {
    List<String> plain = List.of("bash", "-c", "ls -l /host/etc; passwd --status root");
    assertThat(Redaction.of(plain)).isEqualTo(plain);
  }
}

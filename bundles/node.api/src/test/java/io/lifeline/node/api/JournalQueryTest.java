package io.lifeline.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class JournalQueryTest {

  private static JournalQuery query(String unit, String pattern, int lines, int boot) {
    return new JournalQuery(
        List.of(unit),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.of(lines),
        Optional.of(pattern),
        OptionalInt.of(boot));
  }

  @Test
  void whatTheKubeletLetsThroughIsAQuestion() {
    assertThat(query("user@1000.service", "fail.*ed", 0, 0).units())
        .containsExactly("user@1000.service");
  }

  @Test
  void whatCouldMeanSomethingElseIsNone() {
    for (String unit : List.of("", "a b", "a/b", "a;b", "$(id)", "a\n", "x".repeat(101))) {
      assertThatIllegalArgumentException().isThrownBy(() -> query(unit, "", 0, 0));
    }
    for (String pattern : List.of("a\nb", "a\0b", "x".repeat(101))) {
      assertThatIllegalArgumentException().isThrownBy(() -> query("kubelet", pattern, 0, 0));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> query("kubelet", "", -1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> query("kubelet", "", 0, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new JournalQuery(
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    OptionalInt.empty()));
  }
}

package io.lifeline.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnnotationsTest {

  private final Annotations annotations = new Annotations();
  private final List<Map<String, String>> told = new ArrayList<>();

  @Test
  void nothingIsToldBeforeAnythingIsKnown() {
    annotations.add(told::add);
    assertThat(told).isEmpty();
    annotations.seen(Map.of());
    assertThat(told).containsExactly(Map.of());
  }

  @Test
  void whoComesLateHearsWhatIsKnown() {
    annotations.seen(Map.of("a", "1"));
    annotations.add(told::add);
    assertThat(told).containsExactly(Map.of("a", "1"));
  }

  @Test
  void anEventAboutSomethingElseIsNotPassedOn() {
    annotations.add(told::add);
    annotations.seen(Map.of("a", "1"));
    annotations.seen(Map.of("a", "1"));
    annotations.seen(Map.of("a", "2"));
    assertThat(told).containsExactly(Map.of("a", "1"), Map.of("a", "2"));
  }
}

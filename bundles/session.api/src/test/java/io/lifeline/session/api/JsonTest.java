package io.lifeline.session.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void everyKindIsWritten() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("a", List.of("x", 1, true));
    map.put("b", Map.of());
    assertThat(Json.of(map)).isEqualTo("{\"a\":[\"x\",1,true],\"b\":{}}");
  }

  @Test
  void textsAreEscapedAsTheyMustBe() {
    assertThat(Json.of("a\"b\\c\nd\u0001\u00e9\ud83d\ude00"))
        .isEqualTo("\"a\\\"b\\\\c\\u000ad\\u0001\u00e9\\ud83d\\ude00\"");
  }

  @Test
  void nobodyForgesALineOfALog() {
    assertThat(Json.of("x\u0085y\u2028z")).isEqualTo("\"x\\u0085y\\u2028z\"");
  }

  @Test
  void whatIsNoTextIsWrittenAsItsText() {
    assertThat(Json.of(List.of(Thread.State.NEW))).isEqualTo("[\"NEW\"]");
  }
}

package io.lifeline.operator.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenLifeTest {

  private static String token(String claims) {
    return "h."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".s";
  }

  @Test
  void aTokenIsOldAfterHalfItsLife() {
    TokenLife life =
        TokenLife.read(token("{\"iat\":1000,\"exp\":4600,\"uid\":\"u-1\"}")).orElseThrow();
    assertThat(life.old(Instant.ofEpochSecond(2800))).isFalse();
    assertThat(life.old(Instant.ofEpochSecond(2801))).isTrue();
    assertThat(life.belongsTo("u-1")).isTrue();
    assertThat(life.belongsTo("u-2")).isFalse();
    assertThat(life.toString()).doesNotContain("u-1");
  }

  @Test
  void whatIsNoSuchTokenIsNotRead() {
    for (String other : List.of("", "a.b", "a.!.c", token("{}"), token("{\"exp\":1}"))) {
      assertThat(TokenLife.read(other)).as(other).isEmpty();
    }
  }
}

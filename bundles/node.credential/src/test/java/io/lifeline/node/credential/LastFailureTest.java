package io.lifeline.node.credential;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LastFailureTest {

  private final LastFailure last = new LastFailure();

  @Test
  void theSameAtAnotherTimeAndOfAnotherRequestIsNotNew() {
    assertThat(last.isNew("request w2-4e1564f3 failed at 05:25:48Z")).isTrue();
    assertThat(last.isNew("request w2-e8dd05ca failed at 06:00:01Z")).isFalse();
    assertThat(last.isNew("request w2-e8dd05ca was denied")).isTrue();
  }

  @Test
  void afterASuccessItIsNewAgain() {
    last.isNew("x");
    last.over();
    assertThat(last.isNew("x")).isTrue();
  }
}

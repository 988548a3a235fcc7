package io.lifeline.security.delegated;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.security.api.Access;
import io.lifeline.security.api.Decision;
import io.lifeline.security.api.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChecksTest {

  private static final Access EXEC = new Access("create", "proxy");

  /** An API server that knows one token and one user, and may be gone. */
  private static final class FakeReviews implements Reviews {
    final List<String> asked = new ArrayList<>();
    boolean gone;
    boolean closed;

    @Override
    public Optional<Identity> token(String token) {
      answer(token);
      return token.equals("good") ? Optional.of(who("ann")) : Optional.empty();
    }

    @Override
    public Decision access(Identity who, Access what) {
      answer(who.name() + " " + what.verb() + " " + what.subresource());
      return who.name().equals("ann") ? Decision.allow("rbac") : Decision.deny("rbac");
    }

    private void answer(String question) {
      asked.add(question);
      if (gone) {
        throw new IllegalStateException("no answer");
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static Identity who(String name) {
    return new Identity(name, Set.of("g"), Identity.Proof.TOKEN_REVIEW);
  }

  private final FakeReviews reviews = new FakeReviews();
  private long nanos = Long.MAX_VALUE - 10;
  private final Checks checks;

  ChecksTest() throws Exception {
    checks =
        new Checks(
            new ClientCertificates(Authority.root("CN=kubernetes").pem(), Instant::now),
            reviews,
            new DelegatedSettings(
                Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(2), 2),
            () -> nanos);
  }

  private void pass(int seconds) {
    nanos += TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void aYesIsRememberedForItsTimeAndNoLonger() {
    assertThat(checks.decide(who("ann"), EXEC).allowed()).isTrue();
    pass(29);
    assertThat(checks.decide(who("ann"), EXEC).allowed()).isTrue();
    assertThat(reviews.asked).hasSize(1);
    pass(2);
    assertThat(checks.decide(who("ann"), EXEC).allowed()).isTrue();
    assertThat(reviews.asked).hasSize(2);
  }

  @Test
  void aNoIsForgottenSooner() {
    assertThat(checks.decide(who("bob"), EXEC).allowed()).isFalse();
    pass(4);
    checks.decide(who("bob"), EXEC);
    assertThat(reviews.asked).hasSize(1);
    pass(2);
    checks.decide(who("bob"), EXEC);
    assertThat(reviews.asked).hasSize(2);
  }

  @Test
  void aYesForOneThingIsNoneForAnother() {
    checks.decide(who("ann"), EXEC);
    checks.decide(who("ann"), new Access("get", "proxy"));
    checks.decide(who("bob"), EXEC);
    assertThat(reviews.asked)
        .containsExactly("ann create proxy", "ann get proxy", "bob create proxy");
  }

  @Test
  void anApiServerThatDoesNotAnswerMeansNoAndIsAskedAgain() {
    reviews.gone = true;
    Decision decision = checks.decide(who("ann"), EXEC);
    assertThat(decision.allowed()).isFalse();
    assertThat(decision.reason()).contains("could not be asked");
    assertThat(checks.token("good")).isEmpty();
    reviews.gone = false;
    assertThat(checks.decide(who("ann"), EXEC).allowed()).isTrue();
    assertThat(checks.token("good")).contains(who("ann"));
  }

  @Test
  void tokensAreRememberedToo() {
    assertThat(checks.token("good")).contains(who("ann"));
    assertThat(checks.token("good")).contains(who("ann"));
    assertThat(checks.token("bad")).isEmpty();
    assertThat(checks.token("bad")).isEmpty();
    assertThat(reviews.asked).containsExactly("good", "bad");
  }

  @Test
  void onlySoManyAnswersAreRemembered() {
    for (int i = 0; i < 100; i++) {
      checks.token("guess-" + i);
    }
    checks.token("guess-0");
    assertThat(reviews.asked).hasSize(101);
  }
}

package io.lifeline.node.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.node.api.AgentUpgrade;
import io.lifeline.node.api.UpgradeException;
import io.lifeline.release.api.AgentRelease;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpgradeTest {

  private static final byte[] JAR = "a bundle".getBytes(StandardCharsets.UTF_8);
  private static final AgentRelease RELEASE =
      AgentRelease.of("0.2.0", Map.of("a.jar", AgentRelease.sha256(JAR)));
  private static final Wish WISH = new Wish("0.2.0", RELEASE.pin());

  @TempDir Path folder;

  private final FakeUpgrade fake = new FakeUpgrade();
  private int unreachable;

  private static final class FakeUpgrade implements AgentUpgrade {
    final List<String> called = new ArrayList<>();
    String version = "0.2.0";
    String refusal = "";

    @Override
    public String running() {
      return "0.1.0";
    }

    @Override
    public List<String> versions() {
      return List.of(running());
    }

    @Override
    public Plan plan(Path release, String pin) {
      called.add("plan " + release.getFileName());
      return new Plan(version, release, List.of(), List.of());
    }

    @Override
    public void apply(Plan plan) throws UpgradeException {
      called.add("apply");
      if (!refusal.isEmpty()) {
        throw new UpgradeException(refusal);
      }
    }

    @Override
    public String rollback() {
      return running();
    }
  }

  private Upgrade upgrade() {
    ReleaseStore store =
        new ReleaseStore(
            folder.resolve("releases"),
            Optional.empty(),
            () ->
                (version, file, most, to) -> {
                  if (unreachable-- > 0) {
                    throw new java.io.IOException("connection refused");
                  }
                  to.write(
                      file.equals("a.jar")
                          ? JAR
                          : RELEASE.checksums().getBytes(StandardCharsets.UTF_8));
                });
    return new Upgrade(
        store,
        Duration.ofMillis(200),
        () -> fake,
        new Handover(folder, "test"),
        Duration.ofMillis(10));
  }

  @Test
  void itIsFetchedPlannedAndApplied() throws Exception {
    unreachable = 2;
    upgrade().run(WISH);
    assertThat(fake.called).containsExactly("plan 0.2.0", "apply");
    assertThat(folder.resolve("applying")).doesNotExist();
  }

  @Test
  void whatCannotBeFetchedTouchesNothing() {
    unreachable = Integer.MAX_VALUE;
    assertThatThrownBy(() -> upgrade().run(WISH))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("0.2.0 could not be fetched")
        .hasMessageContaining("connection refused");
    assertThat(fake.called).isEmpty();
  }

  @Test
  void aReleaseOfAnotherVersionIsNotApplied() {
    fake.version = "0.3.0";
    assertThatThrownBy(() -> upgrade().run(WISH)).hasMessageContaining("0.3.0");
    assertThat(fake.called).containsExactly("plan 0.2.0");
  }

  @Test
  void whatTheUpgradeSaysIsPassedOn() {
    fake.refusal = "a component did not come up";
    assertThatThrownBy(() -> upgrade().run(WISH))
        .isInstanceOf(RefusedException.class)
        .hasMessage("a component did not come up");
    assertThat(new Handover(folder, "test").left()).contains("a component did not come up");
    assertThat(folder.resolve("applying")).doesNotExist();
  }
}

package io.lifeline.session.engine;

import static io.lifeline.session.engine.Sessions.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.session.api.Door;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.JoinRequest;
import io.lifeline.session.api.JoinRequest.Mode;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.TerminalSize;
import io.lifeline.session.engine.Sessions.Person;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JoinTest {

  private final Sessions house = new Sessions(Map.of("viewers.max", "2"));
  private final Client second = new Client();

  private Session enter(Person person, Mode mode) throws SessionRefusedException {
    return house.engine.join(
        new JoinRequest(person.id(), mode, Door.SSH, Sessions.API_SERVER, Optional.empty()),
        second);
  }

  private static ByteBuffer keys(String keys) {
    return ByteBuffer.wrap(keys.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void twoSeeTheSameScreenAndBothType() throws Exception {
    Person first = house.shell();
    first.process().says("$ ls\r\nbin\r\n$ ");
    Session joined = enter(first, Mode.JOIN);
    until("the last screenful is repeated", () -> second.heard().endsWith("$ ls\r\nbin\r\n$ "));
    first.process().says("more");
    until("both see more", () -> second.heard().endsWith("$ more"));
    assertThat(first.client().heard()).endsWith("$ more");
    first.session().stdin(keys("a"));
    joined.stdin(keys("b"));
    assertThat(first.process().typed).hasToString("ab");
    assertThat(first.session().info().others().joined()).isEqualTo(1);
  }

  @Test
  void aWatchersKeysGoNowhere() throws Exception {
    Person first = house.shell();
    Session watching = enter(first, Mode.WATCH);
    assertThat(watching.stdin(keys("rm -rf /\r"))).isTrue();
    watching.resize(new TerminalSize(10, 10));
    assertThat(first.process().typed).hasToString("");
    assertThat(first.process().heard).isEmpty();
    first.process().says("seen");
    until("he sees", () -> second.heard().endsWith("seen"));
  }

  @Test
  void theSmallestWindowRulesAndTheLargerComesBack() throws Exception {
    Person first = house.shell();
    first.session().resize(new TerminalSize(100, 30));
    Session joined = enter(first, Mode.JOIN);
    joined.resize(new TerminalSize(80, 40));
    assertThat(first.session().info().size()).contains(new TerminalSize(80, 30));
    joined.close();
    assertThat(first.process().heard).containsExactly("100x30", "80x30", "100x30");
  }

  @Test
  void theDetachKeyLeavesAndIsNotPassedOn() throws Exception {
    Person first = house.shell();
    Session joined = enter(first, Mode.JOIN);
    joined.stdin(keys("ls\u001dmore"));
    assertThat(first.process().typed).hasToString("ls");
    assertThat(second.ended.get(30, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(0));
    assertThat(second.heard()).endsWith("[left " + first.id() + "]\r\n");
    assertThat(first.client().ended).isNotDone();
    first.process().says("after");
    assertThat(second.heard()).doesNotContain("after");
    assertThat(house.audit)
        .anySatisfy(line -> assertThat(line).contains("\"event\":\"join\"", "\"door\":\"ssh\""))
        .anySatisfy(
            line -> assertThat(line).contains("\"event\":\"leave\"", "\"reason\":\"left\""));
  }

  @Test
  void theSessionsEndIsTheEndForBoth() throws Exception {
    Person first = house.shell();
    enter(first, Mode.JOIN);
    first.process().says("last words");
    first.process().exits(3);
    assertThat(first.client().ended).isCompletedWithValue(new ExitStatus.Exited(3));
    assertThat(second.ended.get(30, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(3));
    assertThat(second.heard()).contains("last words").endsWith("has ended]\r\n");
  }

  @Test
  void whoReadsSlowlyHoldsNobodyUp() throws Exception {
    Person first = house.shell();
    second.reads = new CountDownLatch(1);
    enter(first, Mode.WATCH);
    String piece = "0123456789abcdef".repeat(1024);
    for (int i = 0; i < 100; i++) {
      first.process().says(piece);
    }
    assertThat(first.client().heard()).hasSize(100 * piece.length());
    second.reads.countDown();
    until("he is told what he missed", () -> second.heard().contains("bytes were left out"));
  }

  @Test
  void whatCannotBeJoinedIsSaidSo() throws Exception {
    Person first = house.shell();
    Session pipe = house.engine.open(Sessions.bash(false), new Client());
    assertThatThrownBy(
            () ->
                house.engine.join(
                    new JoinRequest(
                        "nobody-1", Mode.JOIN, Door.SSH, Sessions.API_SERVER, Optional.empty()),
                    second))
        .isInstanceOf(SessionRefusedException.class)
        .hasMessageContainingAll("nobody-1", "lifeline sessions");
    assertThatThrownBy(
            () ->
                house.engine.join(
                    new JoinRequest(
                        pipe.info().id(),
                        Mode.WATCH,
                        Door.SSH,
                        Sessions.API_SERVER,
                        Optional.empty()),
                    second))
        .hasMessageContaining("has no terminal");
    enter(first, Mode.WATCH);
    enter(first, Mode.WATCH);
    assertThatThrownBy(() -> enter(first, Mode.WATCH))
        .hasMessageContainingAll("2 terminals", "viewers.max");
    assertThat(house.audit).filteredOn(line -> line.contains("\"event\":\"refuse\"")).hasSize(3);
  }

  @Test
  void aFullScreenProgramIsMadeToPaintAgain() throws Exception {
    Person first = house.shell();
    first.session().resize(new TerminalSize(80, 24));
    first.process().says("\u001b[?1049h~\r\n~");
    enter(first, Mode.WATCH);
    until("his screen is a full one", () -> second.heard().contains("\u001b[?1049h"));
    assertThat(first.process().heard).containsExactly("80x24", "80x23", "80x24");
  }

  @Test
  void theOneWhoDoesNotReadAtAllGivesWayToTheOneWhoJoins() throws Exception {
    Person first = house.shell();
    first.client().reads = new CountDownLatch(1);
    Thread process = new Thread(() -> first.process().says("stuck"));
    process.start();
    first.client().blocked.await();
    enter(first, Mode.JOIN);
    process.join(30_000);
    assertThat(process.isAlive()).isFalse();
    first.process().says(" no more");
    until("the other sees it all", () -> second.heard().endsWith("stuck no more"));
  }
}

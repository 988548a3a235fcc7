package io.lifeline.session.engine;

import static io.lifeline.session.engine.Sessions.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.session.api.Door;
import io.lifeline.session.api.JoinRequest;
import io.lifeline.session.api.JoinRequest.Mode;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionState;
import io.lifeline.session.api.TerminalSize;
import io.lifeline.session.engine.Sessions.Person;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DetachedShellTest {

  private Session join(Sessions house, String id, Client client) throws Exception {
    return house.engine.join(
        new JoinRequest(
            id,
            Mode.JOIN,
            Door.KUBELET,
            Sessions.API_SERVER,
            Optional.of(new TerminalSize(120, 50))),
        client);
  }

  @Test
  void aShellLivesOnWhenItsConnectionIsLostAndNothingIsLost() throws Exception {
    Sessions house = new Sessions(Map.of());
    Person person = house.shell();
    person.session().resize(new TerminalSize(80, 24));
    person.process().says("$ make\r\nstep 1\r\n");
    person.session().lost();
    person.process().says("step 2\r\n");
    assertThat(person.process().heard).containsExactly("80x24", "80x24");
    assertThat(house.engine.sessions())
        .singleElement()
        .satisfies(info -> assertThat(info.state()).isEqualTo(SessionState.DETACHED));
    assertThat(person.client().heard()).doesNotContain("step 2");

    Client again = new Client();
    Session joined = join(house, person.id(), again);
    until("all is there", () -> again.heard().endsWith("$ make\r\nstep 1\r\nstep 2\r\n"));
    assertThat(person.process().heard).endsWith("120x50");
    assertThat(joined.info().state()).isEqualTo(SessionState.OPEN);
    joined.stdin(ByteBuffer.wrap(new byte[] {'x'}));
    assertThat(person.process().typed).hasToString("x");
    assertThat(house.audit).anySatisfy(line -> assertThat(line).contains("\"event\":\"detach\""));
  }

  @Test
  void whatIsSaidWithNobodyThereHoldsTheProcessNotUp() throws Exception {
    Sessions house = new Sessions(Map.of());
    Person person = house.shell();
    person.session().lost();
    for (int i = 0; i < 1000; i++) {
      person.process().says("0123456789".repeat(100));
    }
    assertThat(house.engine.sessions()).hasSize(1);
  }

  @Test
  void aConnectionThatIsFoundBrokenWhileItIsWrittenToKeepsTheShell() throws Exception {
    Sessions house = new Sessions(Map.of());
    Person person = house.shell();
    person.client().broken = true;
    person.process().says("into the void");
    person.session().lost();
    Client again = new Client();
    join(house, person.id(), again);
    until("it is repeated", () -> again.heard().endsWith("into the void"));
  }

  @Test
  void exitAndAMeantEndEndIt() throws Exception {
    Sessions house = new Sessions(Map.of());
    house.shell().process().exits(0);
    house.shell().session().close();
    assertThat(house.engine.sessions()).isEmpty();
  }

  @Test
  void aCommandWithoutATerminalEndsWithItsConnection() throws Exception {
    Sessions house = new Sessions(Map.of());
    house.engine.open(Sessions.bash(false), new Client()).lost();
    assertThat(house.container.processes.get(0).heard).containsExactly("close");
    SessionRequest asked = Sessions.bash(true);
    house
        .engine
        .open(
            new SessionRequest(
                "debug", Door.KUBELET, asked.who(), SessionRequest.Verb.ATTACH, asked.process()),
            new Client())
        .lost();
    assertThat(house.engine.sessions()).isEmpty();
  }

  @Test
  void nobodyComesBackAndItIsEnded() throws Exception {
    Sessions house = new Sessions(Map.of("detached.life", "300ms"));
    Person person = house.shell();
    person.session().lost();
    until(
        "it is hung up, and why is kept",
        () -> house.audit.get(house.audit.size() - 1).contains("nobody joined it again"));
    assertThat(house.engine.sessions()).isEmpty();
    assertThat(person.process().heard).endsWith("close");
  }

  @Test
  void theOneThatHasWaitedLongestGivesWay() throws Exception {
    Sessions house = new Sessions(Map.of("detached.max", "1"));
    Person one = house.shell();
    Person other = house.shell();
    one.session().lost();
    other.session().lost();
    assertThat(house.engine.sessions())
        .singleElement()
        .satisfies(info -> assertThat(info.id()).isEqualTo(other.id()));
    assertThat(one.process().heard).endsWith("close");
  }

  @Test
  void zeroMeansThatShellsEndWithTheirConnection() throws Exception {
    Sessions house = new Sessions(Map.of("detached.life", "0s"));
    house.shell().session().lost();
    assertThat(house.engine.sessions()).isEmpty();
  }

  @Test
  void theRescuesEndEndsThemToo() throws Exception {
    Sessions house = new Sessions(Map.of());
    Person person = house.shell();
    person.session().lost();
    house.engine.endAllGently("w2 is Ready again", Duration.ofSeconds(2));
    assertThat(house.engine.sessions()).isEmpty();
    assertThat(person.process().heard).endsWith("close");
  }
}

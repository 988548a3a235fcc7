package io.lifeline.session.engine;

import static io.lifeline.session.engine.Sessions.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.engine.Sessions.Person;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The {@code lifeline} command, in a shell and at the door. */
class ShellCommandTest {

  private final Sessions house = new Sessions(Map.of());

  private static void type(Person person, String keys) {
    person.session().stdin(ByteBuffer.wrap(keys.getBytes(StandardCharsets.UTF_8)));
  }

  private Client at(String... words) throws Exception {
    Client client = new Client();
    house.engine.open(Sessions.command(false, words), client);
    return client;
  }

  @Test
  void theShellsProcessKnowsItsSession() throws Exception {
    Person person = house.shell();
    assertThat(person.process().spec.environment())
        .containsEntry("LIFELINE_SESSION", person.id())
        .containsKey("LIFELINE_TOKEN");
  }

  @Test
  void sessionsAreListedInTheShellThatAsks() throws Exception {
    Person one = house.shell();
    Person other = house.shell();
    one.process().asks("sessions");
    assertThat(one.client().heard())
        .contains(one.id() + "*", other.id(), "kubelet", "open", "bash\r\n");
    assertThat(one.client().heard().lines()).allMatch(line -> line.length() < 80);
    assertThat(one.process().typed).as("the command in the shell goes on").hasToString("0\u0007");
    assertThat(other.client().heard()).isEmpty();
  }

  @Test
  void sessionsAreListedAtTheDoorWithoutAProcess() throws Exception {
    Person one = house.shell();
    Client client = at("lifeline", "sessions");
    assertThat(client.heard()).contains(one.id()).doesNotContain("\r");
    assertThat(client.ended).isCompletedWithValue(new ExitStatus.Exited(0));
    assertThat(house.container.processes).hasSize(1);
  }

  @Test
  void aWrongCommandIsToldWhatThereIs() throws Exception {
    Client client = at("lifeline", "dance");
    assertThat(client.heard()).contains("no 'lifeline dance'", "lifeline join ID");
    assertThat(client.ended).isCompletedWithValue(new ExitStatus.Exited(2));
    assertThat(at("lifeline", "join").heard()).contains("lifeline sessions");
    assertThat(at("lifeline", "join", "x").heard()).contains("a terminal is needed");
    assertThat(at("lifeline", "end", "x").heard()).contains("there is no session 'x'");
  }

  @Test
  void oneShellShowsAnotherUntilItIsLeft() throws Exception {
    Person one = house.shell();
    Person other = house.shell();
    other.process().says("other's prompt$ ");
    one.process().asks("join " + other.id());
    until("the other's screen is shown", () -> one.client().heard().endsWith("prompt$ "));
    type(one, "ls\r");
    assertThat(other.process().typed).hasToString("ls\r");
    assertThat(one.process().typed).hasToString("");
    type(one, "\u001d");
    until(
        "the command in the shell goes on", () -> one.process().typed.toString().equals("0\u0007"));
    assertThat(one.client().heard()).contains("[left " + other.id() + "]");
    type(one, "mine");
    assertThat(one.process().typed).hasToString("0\u0007mine");
    assertThat(other.process().typed).hasToString("ls\r");
  }

  @Test
  void theOthersEndBringsTheOwnShellBack() throws Exception {
    Person one = house.shell();
    Person other = house.shell();
    one.process().asks("join " + other.id());
    other.process().exits(0);
    until("the own shell is back", () -> one.process().typed.toString().equals("0\u0007"));
    assertThat(one.client().ended).isNotDone();
  }

  @Test
  void noTwoShowEachOther() throws Exception {
    Person one = house.shell();
    Person other = house.shell();
    one.process().asks("join " + other.id());
    other.process().asks("join " + one.id());
    until("it is refused", () -> other.client().heard().contains("shows another session"));
    assertThat(other.process().typed).hasToString("1\u0007");
    one.process().asks("join " + one.id());
  }

  @Test
  void whatSomebodySaysIsOnEveryTerminal() throws Exception {
    Person one = house.shell();
    Person other = house.shell();
    one.process().asks("say the \u001b[31mdisk is full");
    String line = "*** " + one.id() + ": the  [31mdisk is full ***\r\n";
    assertThat(other.client().heard()).endsWith(line);
    assertThat(one.client().heard()).endsWith(line);
  }

  @Test
  void aSessionIsEndedByAnother() throws Exception {
    Person one = house.shell();
    Person other = house.shell();
    one.process().asks("end " + other.id());
    assertThat(other.client().ended.get(30, TimeUnit.SECONDS))
        .isEqualTo(new ExitStatus.Signalled(1));
    assertThat(other.client().heard()).contains("this session is ended by " + one.id());
    assertThat(house.audit)
        .anySatisfy(line -> assertThat(line).contains("\"event\":\"end\"", "ended by " + one.id()));
  }
}

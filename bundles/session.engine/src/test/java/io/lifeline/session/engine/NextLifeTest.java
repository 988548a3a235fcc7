package io.lifeline.session.engine;

import static io.lifeline.session.engine.Sessions.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.session.api.Door;
import io.lifeline.session.api.JoinRequest;
import io.lifeline.session.api.JoinRequest.Mode;
import io.lifeline.session.api.SessionState;
import io.lifeline.session.api.TerminalSize;
import io.lifeline.session.engine.Sessions.Person;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shells outlive the agent's process. */
class NextLifeTest {

  @TempDir Path folder;
  private final FakeContainer container = new FakeContainer();

  private Sessions life(String name) {
    return new Sessions(folder.resolve("recordings"), Map.of(), name, container);
  }

  private Path file(String id) {
    return folder.resolve("sessions").resolve(id);
  }

  private Person kept(Sessions life) throws Exception {
    Person person = life.shell();
    until("it is kept", () -> container.kept.containsKey(person.id()));
    return person;
  }

  private static String recorded(Sessions life, String id) throws Exception {
    StringBuilder text = new StringBuilder();
    life.engine.replay(
        id, (at, bytes) -> text.append(java.nio.charset.StandardCharsets.UTF_8.decode(bytes)));
    return text.toString();
  }

  @Test
  void aShellIsFoundAgainAndJoinedWithWhatItSaidBefore() throws Exception {
    Person person = kept(life("first"));
    person.session().resize(new TerminalSize(80, 24));
    person.process().says("$ export X=7\r\n$ ");
    String id = person.id();

    Sessions next = life("second");
    next.engine.resume();

    assertThat(next.engine.sessions())
        .singleElement()
        .satisfies(
            info -> {
              assertThat(info.id()).isEqualTo(id);
              assertThat(info.state()).isEqualTo(SessionState.DETACHED);
              assertThat(info.who()).isEqualTo("kube-apiserver");
              assertThat(info.command()).containsExactly("bash");
            });
    FakeContainer.FakeProcess again = container.processes.get(1);
    again.says("later\r\n");
    Client client = new Client();
    next.engine.join(
        new JoinRequest(id, Mode.JOIN, Door.KUBELET, Sessions.API_SERVER, Optional.empty()),
        client);
    until("all is there", () -> client.heard().endsWith("$ export X=7\r\n$ later\r\n"));
    again.asks("sessions");
    until("its own processes can ask", () -> client.heard().contains(id));
    assertThat(recorded(next, id)).startsWith("$ export X=7\r\n$ later");
    again.exits(0);
    assertThat(next.engine.sessions()).isEmpty();
    assertThat(file(id)).doesNotExist();
  }

  @Test
  void anotherInstanceInTheSameProcessLeavesItAlone() throws Exception {
    kept(life("first"));
    Sessions swapped = life("first");
    swapped.engine.resume();
    assertThat(swapped.engine.sessions()).isEmpty();
  }

  @Test
  void whatHasEndedMeanwhileIsToldInTheAuditLogAndForgotten() throws Exception {
    String id = kept(life("first")).id();
    container.kept.clear();
    Sessions next = life("second");
    next.engine.resume();
    assertThat(next.engine.sessions()).isEmpty();
    assertThat(next.audit)
        .singleElement()
        .satisfies(line -> assertThat(line).contains(id, "\"event\":\"end\"", "is not known"));
    assertThat(file(id)).doesNotExist();
  }

  @Test
  void onlyShellsAtATerminalAreKept() throws Exception {
    Sessions first = life("first");
    first.engine.open(Sessions.bash(false), new Client());
    kept(first);
    assertThat(container.kept).hasSize(1);
  }

  @Test
  void anEndedShellLeavesNothing() throws Exception {
    Sessions first = life("first");
    Person person = kept(first);
    until("its file is there", () -> Files.exists(file(person.id())));
    person.process().exits(0);
    assertThat(file(person.id())).doesNotExist();
  }

  @Test
  void aRecordingThatWasCutInTheMiddleOfALineGoesOnWhole() throws Exception {
    Person person = kept(life("first"));
    person.session().resize(new TerminalSize(80, 24));
    person.process().says("one\r\n");
    half(person.id());
    Sessions next = life("second");
    next.engine.resume();
    container.processes.get(1).says("two\r\n");
    assertThat(recorded(next, person.id())).isEqualTo("one\r\ntwo\r\n");
    assertThat(Files.readAllLines(folder.resolve("recordings/" + person.id() + ".cast")))
        .allMatch(line -> line.endsWith("]") || line.endsWith("}"));
  }

  @Test
  void whatSomebodyWroteIntoARecordingByHandIsPassedOver() throws Exception {
    Sessions first = life("first");
    Person garbled = kept(first);
    garbled.session().resize(new TerminalSize(80, 24));
    garbled.process().says("one\r\n");
    for (String line :
        List.of("[\"]", "[x,\"o\",\"\"]", "[1.0,\"b\",\"!\"]", "[1.0,\"o\",\"\\u00\"]", "[,\"]")) {
      append(garbled.id(), line + "\n");
    }
    kept(first);
    Sessions next = life("second");
    next.engine.resume();
    assertThat(next.engine.sessions()).hasSize(2);
    assertThat(recorded(next, garbled.id())).isEqualTo("one\r\n");
  }

  private void half(String id) throws IOException {
    append(id, "[1.0,\"o\",\"ha");
  }

  private void append(String id, String text) throws IOException {
    Files.writeString(
        folder.resolve("recordings/" + id + ".cast"), text, StandardOpenOption.APPEND);
  }
}

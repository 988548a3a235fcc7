package io.lifeline.session.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionEngine.Recording;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import io.lifeline.session.engine.Sessions.Person;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {

  @TempDir Path directory;

  private Sessions house(Map<String, String> settings) {
    return new Sessions(directory, settings);
  }

  private List<String> lines(String id) throws Exception {
    return Files.readAllLines(directory.resolve(id + ".cast"));
  }

  private static String replayed(Sessions house, String id) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    assertThat(
            house.engine.replay(
                id,
                (at, bytes) -> {
                  byte[] copy = new byte[bytes.remaining()];
                  bytes.get(copy);
                  all.writeBytes(copy);
                }))
        .isTrue();
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void aRecordingIsAsciicastOfTheSecondVersion() throws Exception {
    Sessions house = house(Map.of());
    Person person = house.shell();
    person.session().resize(new TerminalSize(100, 30));
    person.process().says("say \"h\u00e9\"\r\n\u001b[0m\u007f\\");
    person.session().resize(new TerminalSize(90, 30));
    person.session().stdin(ByteBuffer.wrap(new byte[] {'x'}));
    person.process().exits(0);
    List<String> lines = lines(person.id());
    assertThat(lines.get(0))
        .startsWith("{\"version\":2,\"width\":100,\"height\":30,\"timestamp\":")
        .contains("\"command\":\"bash\"", person.id() + ", kubelet door, kube-apiserver")
        .endsWith("}");
    assertThat(lines.get(1))
        .matches("\\[0\\.\\d{6},\"o\",\"say .*")
        .endsWith(",\"o\",\"say \\\"h\u00e9\\\"\\r\\n\\u001b[0m\\u007f\\\\\"]");
    assertThat(lines.get(2)).endsWith(",\"r\",\"90x30\"]");
    assertThat(lines).as("keys are not kept unless it is said so").hasSize(3);
  }

  @Test
  void theSizeThatComesAfterTheFirstPromptIsInTheHeader() throws Exception {
    Sessions house = house(Map.of());
    Person person = house.shell();
    person.process().says("$ ");
    assertThat(lines(person.id())).isEmpty();
    person.session().resize(new TerminalSize(100, 30));
    assertThat(lines(person.id())).hasSize(2).first().asString().contains("\"width\":100,");
    Person without = house.shell();
    without.process().says("$ ");
    without.process().exits(0);
    assertThat(lines(without.id())).hasSize(2).first().asString().contains("\"width\":80,");
    Person silent = house.shell();
    silent.process().exits(0);
    assertThat(lines(silent.id())).hasSize(1);
  }

  @Test
  void keysAreKeptWhenItIsSaidSo() throws Exception {
    Sessions house = house(Map.of("record", "both"));
    Person person = house.shell();
    person.session().stdin(ByteBuffer.wrap("ls\r".getBytes(StandardCharsets.UTF_8)));
    person.process().exits(0);
    assertThat(lines(person.id()).get(1)).endsWith(",\"i\",\"ls\\r\"]");
  }

  /** A terminal that keeps the very bytes. */
  private static final class Exact implements SessionStreams {

    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    @Override
    public void stdout(ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      heard.writeBytes(copy);
    }

    @Override
    public void stderr(ByteBuffer bytes) {
      stdout(bytes);
    }

    @Override
    public void inputWanted() {}

    @Override
    public void ended(ExitStatus status) {}
  }

  @Test
  void aReplayGivesByteForByteWhatTheTerminalGot() throws Exception {
    Sessions house = house(Map.of());
    Random random = new Random(7);
    for (int round = 0; round < 40; round++) {
      Exact terminal = new Exact();
      String id = house.engine.open(Sessions.bash(true), terminal).info().id();
      FakeContainer.FakeProcess process = house.container.processes.get(round);
      byte[] characters =
          "plain \u00e9\u20ac\ud83d\ude00 \u001b[1m\r\n\"\\"
              .repeat(300)
              .getBytes(StandardCharsets.UTF_8);
      for (int piece = 0; piece < 20; piece++) {
        byte[] bytes = new byte[1 + random.nextInt(piece % 5 == 0 ? 8000 : 7)];
        if (round % 2 == 0) {
          int from = random.nextInt(characters.length - Math.min(8000, characters.length - 1));
          System.arraycopy(
              characters, from, bytes, 0, Math.min(bytes.length, characters.length - from));
        } else {
          random.nextBytes(bytes);
        }
        process.streams.stdout(ByteBuffer.wrap(bytes));
      }
      house.engine.broadcast("a notice is what the terminal got, too");
      process.exits(0);
      String heard = terminal.heard.toString(StandardCharsets.ISO_8859_1);
      assertThat(heard).contains("a notice");
      assertThat(replayed(house, id)).isEqualTo(heard);
    }
  }

  @Test
  void aCharacterInTwoPiecesIsOneInTheRecording() throws Exception {
    Sessions house = house(Map.of());
    Person person = house.shell();
    byte[] euro = "\u20ac".getBytes(StandardCharsets.UTF_8);
    person.process().streams.stdout(ByteBuffer.wrap(euro, 0, 1));
    person.process().streams.stdout(ByteBuffer.wrap(euro, 1, 2));
    person.process().exits(0);
    assertThat(lines(person.id())).hasSize(2).last().asString().endsWith("\"o\",\"\u20ac\"]");
  }

  @Test
  void ofAPipeTheBeginningIsKept() throws Exception {
    Sessions house = house(Map.of("record.pipe.max", "1"));
    String id = house.engine.open(Sessions.bash(false), new Client()).info().id();
    FakeContainer.FakeProcess process = house.container.processes.get(0);
    process.says("x".repeat(1000));
    process.says("y".repeat(1000));
    process.says("z".repeat(1000));
    process.exits(0);
    assertThat(replayed(house, id)).isEqualTo("x".repeat(1000) + "y".repeat(24));
    assertThat(lines(id)).last().asString().endsWith("\"m\",\"1976 more bytes are not kept\"]");
  }

  @Test
  void theOldestGoesWhenThereIsNoRoom() throws Exception {
    Sessions house = house(Map.of("recordings.max", "1"));
    Person first = house.shell();
    first.process().says("x".repeat(600_000));
    first.process().exits(0);
    assertThat(house.engine.recordings()).extracting(Recording::id).containsExactly(first.id());
    Person second = house.shell();
    second.process().says("x".repeat(600_000));
    assertThat(house.engine.recordings()).extracting(Recording::id).containsExactly(second.id());
    assertThat(house.engine.recordings().get(0).live()).isTrue();
    assertThat(house.warnings).isEmpty();
  }

  @Test
  void aFullRingIsToldLoudlyAndTheSessionGoesOn() throws Exception {
    Sessions house = house(Map.of("recordings.max", "1"));
    Person person = house.shell();
    person.process().says("x".repeat(2_000_000));
    person.process().says("on");
    assertThat(person.client().heard())
        .contains("*** THIS SESSION IS NOT RECORDED ANY MORE: there is no room")
        .endsWith("on");
    assertThat(house.warnings)
        .singleElement()
        .asString()
        .startsWith("SessionNotRecorded: the session " + person.id());
    assertThat(Files.size(directory.resolve(person.id() + ".cast"))).isLessThan(1 << 20);
    person.process().exits(0);
  }

  @Test
  void whereSessionsMustBeRecordedAFullRingEndsThemAndLetsNobodyIn() throws Exception {
    Sessions house = house(Map.of("recordings.max", "1", "recordings.full", "closed"));
    Person other = house.shell();
    Person person = house.shell();
    person.process().says("x".repeat(900_000));
    other.process().says("x".repeat(200_000));
    assertThat(other.client().heard()).contains("this session ends, because it cannot be recorded");
    assertThat(other.process().heard).endsWith("close");
    assertThat(house.warnings).singleElement().asString().startsWith("SessionEndedUnrecorded");
    assertThat(house.audit).last().asString().contains("it cannot be recorded");
    house.shell().process().exits(0);
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsTold() throws Exception {
    Sessions house = new Sessions(Path.of("/proc/none"), Map.of());
    Person person = house.shell();
    person.process().says("$ ");
    assertThat(person.client().heard()).contains("NOT RECORDED", "/proc/none");
    Sessions strict = new Sessions(Path.of("/proc/none"), Map.of("recordings.full", "closed"));
    assertThatThrownBy(strict::shell)
        .isInstanceOf(SessionRefusedException.class)
        .hasMessageContainingAll("must be recorded", "/proc/none");
    assertThat(strict.engine.sessions()).isEmpty();
  }

  @Test
  void anEarlierLifesRecordingsCountAndTheirNamesAreNotUsedAgain() throws Exception {
    Files.write(directory.resolve("amber-7.cast"), new byte[1 << 20]);
    Sessions house = house(Map.of("recordings.max", "1"));
    Person person = house.shell();
    person.session().resize(new TerminalSize(100, 30));
    person.process().says("$ ");
    assertThat(house.engine.recordings()).extracting(Recording::id).containsExactly(person.id());
  }
}

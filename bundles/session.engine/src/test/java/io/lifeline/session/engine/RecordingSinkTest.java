package io.lifeline.session.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.engine.Sessions.Person;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingSinkTest {

  @TempDir Path ring;
  @TempDir Path mount;
  private final List<Sessions> houses = new ArrayList<>();
  private Path kept;

  @BeforeEach
  void mounted() throws IOException {
    kept = Files.createDirectory(mount.resolve("kept"));
  }

  private Map<String, String> settings(String... more) {
    Map<String, String> all = new HashMap<>(Map.of("record.sink", kept.toString()));
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  private Sessions house(Map<String, String> settings) {
    return house(settings, new FileCopy());
  }

  private Sessions house(Map<String, String> settings, RecordingSink.Copy copy) {
    Sessions house = new Sessions(ring, settings, copy);
    houses.add(house);
    return house;
  }

  @AfterEach
  void closed() throws Exception {
    houses.forEach(house -> house.sink.ifPresent(RecordingSink::close));
    Sessions.until(
        "nothing is copied any more",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("lifeline-recording-sink")));
  }

  private List<Path> copies(String ending) throws IOException {
    Path own = kept.resolve("w2");
    if (!Files.isDirectory(own)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(own)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private String copy(String ending) throws IOException {
    List<Path> found = copies(ending);
    return found.isEmpty() ? "" : Files.readString(found.get(0));
  }

  private String recorded(Person person) throws IOException {
    return Files.readString(ring.resolve(person.id() + ".cast"));
  }

  /** A disk that does not answer until the test says so. */
  private static final class HungDisk implements RecordingSink.Copy {

    private final CountDownLatch answers = new CountDownLatch(1);

    @Override
    public long complete(Path from, Path to, Runnable moved) throws IOException {
      try {
        answers.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return new FileCopy().complete(from, to, moved);
    }
  }

  @Test
  void aSessionIsCopiedWhileItGoesOnAndInTheEndTheSameByteForByte() throws Exception {
    Sessions house = house(settings());
    Person person = house.shell();
    String name = "-" + person.id() + ".cast";
    person.session().resize(new io.lifeline.session.api.TerminalSize(100, 30));
    person.process().says("the first words");
    Sessions.until("its words are there", () -> copy(name).contains("the first words"));
    assertThat(person.session().info().state().name()).isEqualTo("OPEN");
    person.process().says("x".repeat(600_000));
    person.process().exits(0);
    Sessions.until("all of it is there", () -> copy(name).equals(recorded(person)));
    assertThat(copies(name).get(0).getFileName().toString())
        .matches("[0-9]{8}T[0-9]{6}Z" + name.replace(".", "\\."));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copies(name).get(0))))
        .isEqualTo("rw-------");
    Sessions.until("so is the audit log", () -> copy("audit.jsonl").contains("\"event\":\"end\""));
    assertThat(house.warnings).isEmpty();
  }

  @Test
  void aDiskThatHangsHoldsNobodyUpAndIsToldLoudly() throws Exception {
    HungDisk disk = new HungDisk();
    Sessions house = house(settings(), disk);
    Person person = house.shell();
    person.session().resize(new io.lifeline.session.api.TerminalSize(100, 30));
    for (int i = 0; i < 100; i++) {
      person.process().says("word " + i + "\r\n");
    }
    assertThat(person.client().heard()).contains("word 99");
    Sessions.until("it is told", () -> person.client().heard().contains("IS NOT COPIED TO"));
    assertThat(person.client().heard()).contains("the disk has not answered for");
    assertThat(house.warnings).singleElement().asString().startsWith("RecordingsNotCopied: ");
    assertThat(house.audit)
        .anySatisfy(line -> assertThat(line).contains("\"event\":\"sink\"", "not copied: "));
    Person later = house.shell();
    later.process().says("$ ");
    assertThat(later.client().heard()).contains("IS NOT COPIED TO");
    assertThat(person.session().info().state().name()).isEqualTo("OPEN");

    disk.answers.countDown();
    Sessions.until("it is told", () -> person.client().heard().contains("are copied to"));
    String name = "-" + person.id() + ".cast";
    Sessions.until("nothing is missing", () -> copy(name).equals(recorded(person)));
    assertThat(house.audit).anySatisfy(line -> assertThat(line).contains("copied again"));
  }

  @Test
  void whereSessionsMustBeRecordedAFolderThatIsGoneEndsThemAndLetsNobodyIn() throws Exception {
    Sessions house = house(settings("recordings.full", "closed"));
    Person person = house.shell();
    // At once, for the sink may be writing into it in this moment.
    Files.move(kept, kept.resolveSibling("unplugged"));
    person.session().resize(new io.lifeline.session.api.TerminalSize(100, 30));
    person.process().says("$ ");
    Sessions.until("it has ended", () -> person.process().heard.contains("close"));
    assertThat(person.client().heard()).contains("because it cannot be copied to", "not there");
    assertThat(house.warnings).singleElement().asString().startsWith("SessionEndedUnrecorded");
    assertThatThrownBy(house::shell)
        .isInstanceOf(SessionRefusedException.class)
        .hasMessageContainingAll("must be recorded", "record.sink", "not there");
    Files.createDirectory(kept);
    Sessions.until(
        "somebody is let in again",
        () -> {
          try {
            return house.shell() != null;
          } catch (SessionRefusedException e) {
            return false;
          }
        });
  }

  @Test
  void whatMustMakeRoomBeforeItIsCopiedIsTold() throws Exception {
    HungDisk disk = new HungDisk();
    Sessions house = house(settings("recordings.max", "1"), disk);
    Person first = house.shell();
    first.process().says("x".repeat(600_000));
    first.process().exits(0);
    Person second = house.shell();
    second.process().says("x".repeat(600_000));
    assertThat(house.warnings)
        .anySatisfy(
            told -> assertThat(told).startsWith("RecordingLost: the recording " + first.id()));
    disk.answers.countDown();
    second.process().exits(0);
    Sessions.until(
        "the other is copied", () -> copy("-" + second.id() + ".cast").equals(recorded(second)));
  }

  @Test
  void whatAnEarlierLifeLeftIsGoneOnWith() throws Exception {
    Sessions before = house(settings());
    Person person = before.shell();
    person.process().says("x".repeat(100_000));
    person.process().exits(0);
    String name = "-" + person.id() + ".cast";
    Sessions.until("it is copied", () -> copy(name).equals(recorded(person)));
    Path copy = copies(name).get(0);
    byte[] half = Files.readAllBytes(copy);
    Files.write(copy, java.util.Arrays.copyOf(half, half.length / 2));
    Sessions after = house(settings());
    after.shell().process().exits(0);
    Sessions.until("the rest is copied", () -> copy(name).equals(recorded(person)));
  }

  /** The files of the audit log change their names, and their copies do not. */
  @Test
  void theAuditLogIsCopiedAcrossItsTurn() throws Exception {
    Sessions house = house(settings("audit.max", "16"));
    for (int i = 0; i < 60; i++) {
      house.shell().process().exits(0);
      if (i == 20) {
        Sessions.until("the first is copied", () -> !copies("audit.jsonl").isEmpty());
      }
    }
    String last = house.audit.get(house.audit.size() - 1);
    Sessions.until(
        "the last line is copied",
        () -> copies("audit.jsonl").stream().anyMatch(file -> holds(file, last)));
  }

  private static boolean holds(Path file, String line) {
    try {
      return Files.readAllLines(file).contains(line);
    } catch (IOException e) {
      return false;
    }
  }
}

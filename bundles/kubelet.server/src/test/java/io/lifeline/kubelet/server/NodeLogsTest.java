package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.node.api.JournalQuery;
import io.lifeline.node.api.WorkerJournal;
import io.lifeline.security.api.Access;
import io.lifeline.security.api.Identity;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.Door;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionStreams;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NodeLogsTest {

  @TempDir Path temporary;
  private Path worker;
  private Path log;
  private OpenDoor door;

  /** What the worker's journalctl would say. */
  private final FakeJournal journal = new FakeJournal();

  private static final class FakeJournal implements WorkerJournal {

    volatile String entries = "";
    volatile String complaint = "";
    volatile int status;
    volatile JournalQuery asked;
    volatile FakeProcess process;

    @Override
    public ContainerProcess ask(JournalQuery query, SessionStreams streams)
        throws ContainerException {
      asked = query;
      if (complaint.equals("none")) {
        throw new ContainerException("there is no journalctl");
      }
      List<String> command = entries.equals("endless") ? List.of("stuck") : List.of("exit", "0");
      process =
          new FakeProcess(
              new SessionRequest(
                  "",
                  Door.KUBELET,
                  new Identity("", Set.of(), Identity.Proof.LOCAL_CONSOLE),
                  SessionRequest.Verb.EXEC,
                  new ProcessSpec(command, Map.of(), false, false, Optional.empty())),
              new Spoken(streams));
      if (entries.equals("endless")) {
        process.start();
        try {
          streams.stdout(ByteBuffer.wrap("first\n".getBytes(StandardCharsets.UTF_8)));
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      } else {
        process.start();
      }
      return process;
    }

    /** Says the entries before the end. */
    private final class Spoken implements SessionStreams {
      private final SessionStreams streams;

      private Spoken(SessionStreams streams) {
        this.streams = streams;
      }

      @Override
      public void stdout(ByteBuffer bytes) {}

      @Override
      public void stderr(ByteBuffer bytes) {}

      @Override
      public void inputWanted() {}

      @Override
      public void ended(ExitStatus end) {
        try {
          if (!entries.isEmpty() && !entries.equals("endless")) {
            streams.stdout(ByteBuffer.wrap(entries.getBytes(StandardCharsets.UTF_8)));
          }
          streams.stderr(ByteBuffer.wrap(complaint.getBytes(StandardCharsets.UTF_8)));
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
        streams.ended(new ExitStatus.Exited(status));
      }
    }
  }

  @BeforeEach
  void open() throws Exception {
    worker = Files.createDirectory(temporary.resolve("worker"));
    log = Files.createDirectories(worker.resolve("var/log"));
    Files.writeString(log.resolve("kubelet.log"), "one\nTwo\nthree\n");
    Files.createDirectories(log.resolve("pods/a b"));
    Files.writeString(log.resolve("pods/<x>.log"), "in a folder");
    Files.createDirectory(worker.resolve("etc"));
    Files.writeString(worker.resolve("etc/shadow"), "secret");
    Files.writeString(temporary.resolve("outside"), "secret");
    door = new OpenDoor(worker);
    door.seams.journal().bind(journal);
  }

  @AfterEach
  void close() {
    door.close();
  }

  private String get(String path) throws Exception {
    return PlainClient.get(door, "/logs/" + path);
  }

  @Test
  void theJournalIsAskedWithAllThatWasSaid() throws Exception {
    journal.entries = "Nov 22 kubelet[1]: started\n";
    assertThat(
            get(
                "?query=kubelet&query=crio.service&sinceTime=2026-11-22T10:00:00Z"
                    + "&untilTime=2026-11-22T11:00:00Z&tailLines=5&pattern=st.*ed&boot=-1"))
        .isEqualTo("200 Nov 22 kubelet[1]: started\n");
    assertThat(journal.asked)
        .isEqualTo(
            new JournalQuery(
                List.of("kubelet", "crio.service"),
                Optional.of(Instant.parse("2026-11-22T10:00:00Z")),
                Optional.of(Instant.parse("2026-11-22T11:00:00Z")),
                OptionalInt.of(5),
                Optional.of("st.*ed"),
                OptionalInt.of(-1)));
    assertThat(door.node.asked).contains(new Access("get", "log"));
  }

  @Test
  void withoutEntriesTheServicesFileIsTheAnswer() throws Exception {
    assertThat(get("?query=kubelet")).isEqualTo("200 one\nTwo\nthree\n");
    journal.complaint = "none";
    assertThat(get("?query=kubelet&tailLines=2")).isEqualTo("200 Two\nthree\n");
    assertThat(get("?query=kubelet&pattern=t[wh]")).isEqualTo("200 Two\nthree\n");
    assertThat(get("?query=kubelet&pattern=Tw&tailLines=1")).isEqualTo("200 Two\n");
    assertThat(get("?query=kubelet&pattern=o&tailLines=1")).isEqualTo("200 Two\n");
    assertThat(get("?query=kubelet&pattern=(")).startsWith("406 pattern: Invalid value");
    assertThat(get("?query=kubelet&boot=0")).startsWith("400 the log of kubelet is the file");
    Files.createDirectory(log.resolve("crio"));
    Files.writeString(log.resolve("crio/crio.log"), "crio\n");
    assertThat(get("?query=crio&query=kubelet")).isEqualTo("200 crio\none\nTwo\nthree\n");
  }

  @Test
  void neitherEntriesNorAFileIsSaidPlainly() throws Exception {
    assertThat(get("?query=crio")).isEqualTo("200 -- No entries --\n");
    journal.status = 1;
    journal.complaint = "No journal files were found.";
    assertThat(get("?query=crio"))
        .startsWith("404 no log of [crio] was found")
        .contains("No journal files were found.", "/var/log/crio.log");
    door.seams.journal().unbind(journal);
    assertThat(get("?query=crio")).contains("no WorkerJournal is there", "io.lifeline.runtime.oci");
    assertThat(get("?query=kubelet")).isEqualTo("200 one\nTwo\nthree\n");
  }

  @Test
  void whatCannotBeMeantIsRefused() throws Exception {
    assertThat(get("?query=")).startsWith("406 query: Required value");
    assertThat(get("?tailLines=3")).startsWith("406 query: Required value");
    assertThat(get("?query=a%20b")).startsWith("406 query: Invalid value");
    assertThat(get("?query=..")).startsWith("406 query: Invalid value");
    assertThat(get("?query=--file%3Dx")).startsWith("406 query: Invalid value");
    assertThat(get("?query=a&query=b&query=c&query=d&query=e")).startsWith("406 query: cannot");
    assertThat(get("?query=kubelet&query=/kubelet.log")).startsWith("406 query: cannot");
    assertThat(get("?query=/a.log&query=/b.log")).startsWith("406 query: cannot");
    assertThat(get("?query=/a.log&tailLines=1")).startsWith("406 query: cannot");
    assertThat(get("?query=kubelet&boot=1")).startsWith("406 boot");
    assertThat(get("?query=kubelet&tailLines=-1")).startsWith("406 tailLines");
    assertThat(get("?query=kubelet&tailLines=x")).startsWith("400 tailLines=x");
    assertThat(get("?query=kubelet&sinceTime=now")).startsWith("400 sinceTime=now");
    assertThat(get("?query=kubelet&pattern=" + "x".repeat(101))).startsWith("406 pattern");
    assertThat(get("?query=kubelet&sinceTime=2026-11-22T10:00:00Z&untilTime=2026-11-22T09:00:00Z"))
        .startsWith("406 untilTime");
    assertThat(get("pods?query=kubelet")).startsWith("406 path not allowed");
    assertThat(journal.asked).isNull();
    try (PlainClient client =
        new PlainClient(door.address(), FakeNode.API_SERVER, HttpMethod.POST, "/logs/")) {
      assertThat(PlainClient.text(client.send())).startsWith("405 ");
    }
  }

  @Test
  void filesAndDirectoriesAreThereAsTheKubeletShowsThem() throws Exception {
    assertThat(get(""))
        .isEqualTo(
            "200 <pre>\n"
                + "<a href=\"kubelet.log\">kubelet.log</a>\n"
                + "<a href=\"pods/\">pods/</a>\n"
                + "</pre>\n");
    assertThat(PlainClient.get(door, "/logs")).isEqualTo(get(""));
    assertThat(get("pods/"))
        .isEqualTo(
            "200 <pre>\n"
                + "<a href=\"%3Cx%3E.log\">&lt;x&gt;.log</a>\n"
                + "<a href=\"a%20b/\">a b/</a>\n"
                + "</pre>\n");
    assertThat(get("pods")).contains("<a href=\"pods/%3Cx%3E.log\">");
    assertThat(get("pods/%3Cx%3E.log")).isEqualTo("200 in a folder");
    assertThat(get("?query=/pods/%3Cx%3E.log")).isEqualTo("200 in a folder");
    assertThat(get("kubelet.log")).isEqualTo("200 one\nTwo\nthree\n");
    assertThat(get("none.log")).startsWith("404 404 page not found: there is no /var/log/none.log");
    assertThat(get("kubelet.log/x")).startsWith("404 ");
  }

  private FullHttpResponse range(String path, String range) throws Exception {
    return ask(path, "Range", range);
  }

  private FullHttpResponse ask(String path, String... headers) throws Exception {
    try (PlainClient client =
        new PlainClient(door.address(), FakeNode.API_SERVER, HttpMethod.GET, "/logs/" + path)) {
      for (int i = 0; i < headers.length; i += 2) {
        client.header(headers[i], headers[i + 1]);
      }
      return client.send();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-2, 0-2, one",
    "bytes=4-6, 4-6, Two",
    "bytes=8-, 8-13, 'three\n'",
    "bytes=-6, 8-13, 'three\n'",
    "bytes=8-99, 8-13, 'three\n'",
    "'bytes= 13 - 13 ,', 13-13, '\n'",
    "bytes=-99, 0-13, 'one\nTwo\nthree\n'"
  })
  void aPartOfAFileIsThereForWhoAsksForOne(String range, String which, String part)
      throws Exception {
    FullHttpResponse answer = range("kubelet.log", range);
    assertThat(PlainClient.text(answer)).isEqualTo("206 " + part.replace("\\n", "\n"));
    assertThat(answer.headers().get("Content-Range")).isEqualTo("bytes " + which + "/14");
    assertThat(answer.headers().get("Accept-Ranges")).isEqualTo("bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=14-",
        "bytes=-0",
        "bytes=3-2",
        "bytes=x-",
        "bytes=--1",
        "lines=1-2",
        "bytes=9223372036854775808-"
      })
  void aPartThatIsNotThereIsRefusedWithTheSize(String range) throws Exception {
    FullHttpResponse answer = range("kubelet.log", range);
    assertThat(PlainClient.text(answer)).startsWith("416 the range").contains("which has 14 bytes");
    assertThat(answer.headers().get("Content-Range")).isEqualTo("bytes */14");
  }

  @Test
  void whatIsNoSinglePartOfAFileIsAllOfIt() throws Exception {
    FullHttpResponse several = range("kubelet.log", "bytes=0-1,4-5");
    assertThat(PlainClient.text(several)).isEqualTo("200 one\nTwo\nthree\n");
    assertThat(several.headers().get("Accept-Ranges")).isEqualTo("bytes");
    assertThat(PlainClient.text(ask("kubelet.log", "Range", "bytes=0-1", "If-Range", "\"before\"")))
        .isEqualTo("200 one\nTwo\nthree\n");
    Files.createFile(log.resolve("empty.log"));
    assertThat(PlainClient.text(range("empty.log", "bytes=0-"))).isEqualTo("200 ");
    assertThat(PlainClient.text(range("pods/", "bytes=0-1"))).startsWith("200 <pre>");
  }

  @Test
  void aPartOfALargeFileIsWhole() throws Exception {
    byte[] large = new byte[100_000];
    new Random(3).nextBytes(large);
    Files.write(log.resolve("large.xz"), large);
    FullHttpResponse answer = range("large.xz", "bytes=16383-49153");
    assertThat(ByteBufUtil.getBytes(answer.content()))
        .isEqualTo(Arrays.copyOfRange(large, 16383, 49154));
  }

  @Test
  void aDirectoryOfMoreThanAPageSaysHowMuchMore() throws Exception {
    Path many = Files.createDirectory(log.resolve("many"));
    for (int i = 0; i < 10_003; i++) {
      Files.createFile(many.resolve("file-" + i));
    }
    String page = get("many/");
    assertThat(page.lines().filter(line -> line.startsWith("<a ")).count()).isEqualTo(10_000);
    assertThat(page).contains("\n3 more are left out: a page has 10000 names.");
  }

  @Test
  void namesInAnyEncodingAreListedAndFound() throws Exception {
    for (String name : List.of("%FF%FE.log", "%C3%BC.log")) {
      Files.writeString(Path.of(URI.create(log.toUri() + "pods/" + name)), "of " + name);
      assertThat(get("pods/")).contains("<a href=\"" + name + "\">");
      assertThat(get("pods/" + name)).isEqualTo("200 of " + name);
    }
    assertThat(get("pods/")).contains(">ü.log</a>", ">\ufffd\ufffd.log</a>");
    assertThat(get("?query=/pods/%C3%BC.log")).isEqualTo("200 of %C3%BC.log");
    assertThat(get("pods/%C3%BF.log"))
        .startsWith("404 404 page not found: there is no /var/log/pods/ÿ.log");
    Path folder = Path.of(URI.create(log.toUri() + "%E9"));
    Files.createDirectory(folder);
    Files.writeString(folder.resolve("in"), "a folder");
    Files.createSymbolicLink(log.resolve("link"), folder.getFileName());
    Files.createSymbolicLink(
        log.resolve("far"), Path.of(URI.create("file:///var/log/pods/%FF%FE.log")));
    assertThat(get("")).contains("<a href=\"%E9/\">");
    assertThat(get("%E9/in")).isEqualTo("200 a folder");
    assertThat(get("link/in")).isEqualTo("200 a folder");
    assertThat(get("far")).isEqualTo("200 of %FF%FE.log");
  }

  @Test
  void nothingLeadsOut() throws Exception {
    Files.createSymbolicLink(log.resolve("out"), Path.of("/etc/shadow"));
    Files.createSymbolicLink(log.resolve("up"), Path.of("../../etc"));
    Files.createSymbolicLink(log.resolve("away"), temporary.resolve("outside"));
    Files.createSymbolicLink(log.resolve("loop"), Path.of("loop"));
    for (String path :
        List.of(
            "../../etc/shadow",
            "..%2f..%2fetc%2fshadow",
            "%2e%2e/%2e%2e/etc/shadow",
            "pods/../../../etc/shadow",
            "out",
            "up/shadow",
            "away",
            "loop",
            "pods/%00",
            "?query=/../../etc/shadow",
            "?query=..%5C..%5Cetc%5Cshadow")) {
      assertThat(get(path)).doesNotContain("secret").doesNotStartWith("200");
    }
  }

  @Test
  void linksThatStayInsideAreFollowedAlsoAbsoluteOnes() throws Exception {
    Files.createDirectory(log.resolve("containers"));
    Files.createSymbolicLink(log.resolve("containers/x.log"), Path.of("/var/log/pods/<x>.log"));
    Files.createSymbolicLink(log.resolve("containers/y.log"), Path.of("../kubelet.log"));
    assertThat(get("containers/x.log")).isEqualTo("200 in a folder");
    assertThat(get("containers/y.log")).isEqualTo("200 one\nTwo\nthree\n");
  }

  @Test
  void theWorkersLogMayItselfBeALinkInTheWorkersTree() throws Exception {
    Files.move(log, worker.resolve("data"));
    Files.createSymbolicLink(log, Path.of("/data"));
    Files.createSymbolicLink(worker.resolve("data/z.log"), Path.of("/data/kubelet.log"));
    assertThat(get("kubelet.log")).isEqualTo("200 one\nTwo\nthree\n");
    assertThat(get("z.log")).isEqualTo("200 one\nTwo\nthree\n");
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    new ProcessBuilder("mkfifo", log.resolve("pipe.log").toString()).start().waitFor();
    assertThat(get("pipe.log")).startsWith("404 ").contains("no regular file");
  }

  @Test
  void aLargeFileComesWholeAndItsLastLinesAreFoundFromTheEnd() throws Exception {
    StringBuilder large = new StringBuilder();
    for (int i = 0; i < 40_000; i++) {
      large.append("line ").append(i).append('\n');
    }
    Files.writeString(log.resolve("large.log"), large);
    assertThat(get("large.log")).isEqualTo("200 " + large);
    journal.complaint = "none";
    assertThat(get("?query=large&tailLines=3"))
        .isEqualTo("200 line 39997\nline 39998\nline 39999\n");
    assertThat(get("?query=large&tailLines=0")).isEqualTo("200 ");
    assertThat(get("?query=large&tailLines=99999")).isEqualTo("200 " + large);
    assertThat(get("?query=large&pattern=9999$"))
        .isEqualTo("200 line 9999\nline 19999\nline 29999\nline 39999\n");
  }

  @Test
  void aPatternThatWouldTakeForEverBreaksOff() throws Exception {
    Files.writeString(log.resolve("evil.log"), "a".repeat(200) + "!\n");
    journal.complaint = "none";
    try (StreamingGet caller =
        new StreamingGet(door, "/logs/?query=evil&pattern=(a%2Ba%2B)%2B%5C%24")) {
      assertThat(caller.head).startsWith("HTTP/1.1 200");
      assertThatThrownBy(caller::chunk).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aPatternThatRepeatsNothingForEverIsRefused() throws Exception {
    Files.writeString(log.resolve("evil.log"), "2026-11-22 one\n");
    for (String never :
        List.of(
            "(?:)%7B2000000000%7Dx",
            "(?:)%7B1,99999999999%7D", "(?:(?:(?:)%7B900%7D)%7B900%7D)%7B900,%7D")) {
      assertThat(get("?query=evil&pattern=" + never))
          .isEqualTo(
              "406 pattern: Invalid value: it must not repeat anything more than 1000 times\n");
    }
    assertThat(get("?query=evil&pattern=%5Cd%7B4%7D-%5Cd%7B2%7D-%5Cd%7B2%7D"))
        .isEqualTo("200 2026-11-22 one\n");
  }

  @Test
  void whoLeavesEndsTheQuestionToTheJournal() throws Exception {
    journal.entries = "endless";
    try (StreamingGet caller = new StreamingGet(door, "/logs/?query=kubelet")) {
      assertThat(caller.head).startsWith("HTTP/1.1 200");
    }
    Client.await("the question was ended", () -> journal.process.hungUp());
  }
}

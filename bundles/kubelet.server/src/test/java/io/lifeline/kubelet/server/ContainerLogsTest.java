package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.session.api.LogLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ContainerLogsTest {

  private static final String LOGS = "/containerLogs/default/debug/debugger";

  private OpenDoor door;

  @BeforeEach
  void open() throws Exception {
    door = new OpenDoor(Map.of());
    door.node
        .log
        .say("2026-11-22T10:00:00.5Z", "one\n")
        .say("2026-11-22T10:00:01Z", "two\n")
        .say("2026-11-22T10:00:02Z", "three\n");
  }

  @AfterEach
  void close() {
    door.close();
  }

  private String get(String query) throws Exception {
    return PlainClient.get(door, LOGS + query);
  }

  @Test
  void theLastLinesAreCutAsAskedFor() throws Exception {
    assertThat(get("")).isEqualTo("200 one\ntwo\nthree\n");
    assertThat(get("?tailLines=2")).isEqualTo("200 two\nthree\n");
    assertThat(get("?tailLines=0")).isEqualTo("200 ");
    assertThat(get("?tailLines=9")).isEqualTo("200 one\ntwo\nthree\n");
    assertThat(get("?limitBytes=5")).isEqualTo("200 one\nt");
    assertThat(get("?sinceTime=2026-11-22T10:00:01Z")).isEqualTo("200 two\nthree\n");
    assertThat(get("?sinceTime=2026-11-22T11:00:02%2B01:00&tailLines=2")).isEqualTo("200 three\n");
    assertThat(get("?sinceSeconds=1")).isEqualTo("200 ");
  }

  @Test
  void timesHaveNineDigitsAndStandBeforeWholeLinesOnly() throws Exception {
    door.node.log.say(
        new LogLine(
            Instant.parse("2026-11-22T10:00:03Z"),
            false,
            false,
            "of a long line\n".getBytes(StandardCharsets.UTF_8)));
    assertThat(get("?timestamps=true&tailLines=1"))
        .isEqualTo("200 2026-11-22T10:00:02.000000000Z three\nof a long line\n");
    assertThat(get("?timestamps=true&limitBytes=12")).isEqualTo("200 2026-11-22T1");
  }

  @Test
  void aLineThatHasNotEndedCountsAndIsShown() throws Exception {
    door.node.log.begin("# ");
    assertThat(get("?tailLines=2")).isEqualTo("200 three\n# ");
  }

  @Test
  void oneOfTheStreamsMayBeWanted() throws Exception {
    door.node.log.say(
        new LogLine(
            Instant.parse("2026-11-22T10:00:03Z"),
            true,
            true,
            "wrong\n".getBytes(StandardCharsets.UTF_8)));
    assertThat(get("?stream=Stderr")).isEqualTo("200 wrong\n");
    assertThat(get("?stream=Stdout")).isEqualTo("200 one\ntwo\nthree\n");
    assertThat(get("?stream=All")).isEqualTo("200 one\ntwo\nthree\nwrong\n");
    assertThat(get("?stream=Other")).startsWith("422 stream=Other");
  }

  @Test
  void whatCannotBeMeantIsRefused() throws Exception {
    assertThat(get("?tailLines=-1")).startsWith("400 tailLines=-1");
    assertThat(get("?sinceTime=yesterday")).startsWith("400 sinceTime=yesterday");
    assertThat(get("?sinceSeconds=1&sinceTime=2026-11-22T10:00:01Z")).startsWith("422 ");
    assertThat(get("?limitBytes=0")).startsWith("422 ");
    assertThat(get("?previous=true"))
        .isEqualTo("400 previous terminated container \"debugger\" in pod \"debug\" not found\n");
    assertThat(PlainClient.get(door, "/containerLogs/default/debug/other"))
        .isEqualTo("404 container not found (\"other\")\n");
    assertThat(PlainClient.get(door, "/containerLogs/default/none/debugger"))
        .isEqualTo("404 pod does not exist\n");
  }

  @Test
  void aContainerThatHasNotBegunSaysSoAndSoDoesOneWhoseLogIsGone() throws Exception {
    door.node.log = null;
    assertThat(get(""))
        .startsWith("404 the log of container \"debugger\" in pod \"debug\" is gone");
    door.node.begun = false;
    assertThat(get("")).startsWith("400 container \"debugger\" in pod \"debug\" is waiting");
  }

  @Test
  void whoFollowsHearsEachLineAsItComesAndTheEnd() throws Exception {
    try (StreamingGet follower = new StreamingGet(door, LOGS + "?follow=true&tailLines=1")) {
      assertThat(follower.head).startsWith("HTTP/1.1 200").contains("chunked");
      assertThat(follower.chunk()).isEqualTo("three\n");
      door.node.log.say("2026-11-22T10:00:04Z", "four\n");
      assertThat(follower.chunk()).isEqualTo("four\n");
      door.node.log.end();
      assertThat(follower.chunk()).isEmpty();
    }
  }

  @Test
  void toAFollowerALineThatHasNotEndedIsStillToCome() throws Exception {
    door.node.log.begin("# exit");
    try (StreamingGet one = new StreamingGet(door, LOGS + "?follow=true&tailLines=1");
        StreamingGet none = new StreamingGet(door, LOGS + "?follow=true&tailLines=0")) {
      assertThat(one.chunk()).isEqualTo("three\n");
      door.node.log.end();
      assertThat(one.chunk()).isEqualTo("# exit");
      assertThat(none.chunk()).isEqualTo("# exit");
      assertThat(none.chunk()).isEmpty();
    }
  }

  @Test
  void aFollowerWithALimitEndsThere() throws Exception {
    try (StreamingGet follower = new StreamingGet(door, LOGS + "?follow=true&limitBytes=6")) {
      assertThat(follower.chunk()).isEqualTo("one\ntw");
      assertThat(follower.chunk()).isEmpty();
    }
  }

  @Test
  void whoLeavesIsNotWaitedFor() throws Exception {
    try (StreamingGet follower = new StreamingGet(door, LOGS + "?follow=1")) {
      assertThat(follower.chunk()).isEqualTo("one\ntwo\nthree\n");
      Client.await("he waits for more", () -> door.node.log.waiting() == 1);
    }
    Client.await("nobody waits", () -> door.node.log.waiting() == 0);
  }

  @Test
  void aFollowerWhoStopsReadingStopsTheReaderAndNotTheMemory() throws Exception {
    byte[] line = ("x".repeat(8000) + "\n").getBytes(StandardCharsets.UTF_8);
    try (StreamingGet follower = new StreamingGet(door, LOGS + "?follow=1")) {
      follower.chunk();
      // Sockets take a few megabytes at the most; what is not taken must stay in the log.
      int said = 4000;
      for (int i = 0; i < said; i++) {
        door.node.log.say(new LogLine(Instant.now(), false, true, line));
      }
      Client.await("the reader stands still", this::standsStill);
      assertThat(door.node.log.read()).isLessThan(said);
      door.node.log.end();
      int came = 0;
      for (String chunk = follower.chunk(); !chunk.isEmpty(); chunk = follower.chunk()) {
        came += chunk.length();
      }
      assertThat(came).isEqualTo(said * line.length);
    }
  }

  private boolean standsStill() {
    long read = door.node.log.read();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return door.node.log.read() == read;
  }

  @Test
  void moreFollowersThanThereAreThreadsForAreRefused() throws Exception {
    StreamingGet[] followers = new StreamingGet[32];
    try {
      for (int i = 0; i < followers.length; i++) {
        followers[i] = new StreamingGet(door, LOGS + "?follow=true");
      }
      assertThat(get("?follow=true")).startsWith("503 too many answers are being streamed");
    } finally {
      for (StreamingGet follower : followers) {
        if (follower != null) {
          follower.close();
        }
      }
    }
    Client.await("there is a thread again", () -> answers("?tailLines=1", "200 three\n"));
  }

  private boolean answers(String query, String answer) {
    try {
      return get(query).equals(answer);
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  void theEndOfTheRescueEndsWhoFollows() throws Exception {
    try (StreamingGet follower = new StreamingGet(door, LOGS + "?follow=true")) {
      follower.chunk();
      door.door.end();
      assertThatThrownBy(follower::chunk).isInstanceOf(IOException.class);
    }
    Client.await("nobody waits", () -> door.node.log.waiting() == 0);
  }
}

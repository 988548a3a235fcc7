package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.session.api.SessionEngine.Recording;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RecordedSessionsTest {

  private static final String CAST = "{\"version\":2}\n[0.1,\"o\",\"caf\u00e9\"]\n";

  @TempDir Path worker;
  private OpenDoor door;

  @BeforeEach
  void open() throws Exception {
    door = new OpenDoor(worker);
    Path file = Files.writeString(worker.resolve("amber-7.cast"), CAST);
    Path live = Files.writeString(worker.resolve("birch-2.cast"), "");
    door.node.recordings =
        List.of(
            new Recording("amber-7", file, Files.size(file), false),
            new Recording("birch-2", live, 0, true));
  }

  @AfterEach
  void close() {
    door.close();
  }

  private String get(String name) throws Exception {
    return PlainClient.get(door, "/recordings/" + name);
  }

  @Test
  void theyAreListed() throws Exception {
    assertThat(get(""))
        .isEqualTo(
            "200 amber-7.cast %d bytes\nbirch-2.cast 0 bytes, live\naudit.jsonl\n"
                .formatted(CAST.getBytes(java.nio.charset.StandardCharsets.UTF_8).length));
  }

  @Test
  void oneComesByteForByte() throws Exception {
    assertThat(get("amber-7.cast")).isEqualTo("200 " + CAST);
  }

  @Test
  void theAuditLinesComeInTheirOrder() throws Exception {
    assertThat(get("audit.jsonl")).isEqualTo("200 ");
    Files.createDirectories(worker.resolve("run"));
    Files.writeString(worker.resolve("run/audit.jsonl"), "{\"second\":1}\n");
    assertThat(get("audit.jsonl")).isEqualTo("200 {\"second\":1}\n");
    Files.writeString(worker.resolve("run/audit.1.jsonl"), "{\"first\":1}\n");
    assertThat(get("audit.jsonl")).isEqualTo("200 {\"first\":1}\n{\"second\":1}\n");
  }

  @Test
  void nothingElseIsReached() throws Exception {
    Files.writeString(worker.resolve("secret"), "secret");
    for (String name :
        List.of(
            "../secret", "%2e%2e/secret", "amber-7", "run/audit.jsonl", "lock", "amber-7.cast/")) {
      assertThat(get(name)).as(name).startsWith("404 ").doesNotContain("secret\n");
    }
    Files.delete(worker.resolve("amber-7.cast"));
    assertThat(get("amber-7.cast")).startsWith("404 ").contains("…/proxy/recordings/ lists them");
  }

  @Test
  void whoMayOnlyReadTheNodeMayNotReadThem() throws Exception {
    try (PlainClient client =
        new PlainClient(door.address(), null, HttpMethod.GET, "/recordings/")) {
      client.header("Authorization", "Bearer reader-token");
      assertThat(PlainClient.text(client.send())).startsWith("403 ");
    }
  }
}

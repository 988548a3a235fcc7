package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A caller by HTTPS who shows what it is told to: curl(1), which believes any server. */
public final class Https {

  private final List<String> words = new ArrayList<>();

  private Https(String url) {
    words.addAll(List.of("curl", "-sS", "-k", "--http1.1", "--max-time", "8"));
    words.addAll(List.of("-w", "\n%{http_code}", url));
  }

  /** What came back; a status of 0 means that there was no answer: TLS was refused. */
  public record Answer(int status, String body) {}

  public static Https to(String url) {
    return new Https(url);
  }

  public Https with(String... more) {
    words.addAll(List.of(more));
    return this;
  }

  public Https showing(Certificate certificate) {
    return with("--cert", certificate.chain().toString(), "--key", certificate.key().toString());
  }

  public Https header(String line) {
    return with("-H", line);
  }

  /** Posts JSON. */
  public Https posting(String json) {
    return with("-X", "POST", "-H", "Content-Type: application/json", "--data", json);
  }

  public Answer answer() {
    Command.Outcome outcome = Command.of(words).within(Duration.ofSeconds(12)).run();
    String out = outcome.out().stripTrailing();
    int last = out.lastIndexOf('\n');
    int status = Integer.parseInt(out.substring(last + 1).strip());
    String body = last < 0 ? "" : out.substring(0, last);
    return new Answer(status, body + outcome.err());
  }
}

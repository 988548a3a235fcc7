package io.lifeline.kubelet.server;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What of a log is wanted: the query of {@code kubectl logs}, which is a {@code v1.PodLogOptions}.
 *
 * @param follow go on until the process has ended
 * @param since lines said before are left out
 * @param tail only so many of the last lines, counted before any are left out
 * @param most bytes
 * @param streams which of stdout and stderr
 */
record LogOptions(
    boolean follow,
    boolean previous,
    boolean timestamps,
    Optional<Instant> since,
    OptionalLong tail,
    OptionalLong most,
    Streams streams) {

  /** Which of the two streams. */
  enum Streams {
    ALL,
    STDOUT,
    STDERR
  }

  /**
   * @param now what {@code sinceSeconds} counts from, by the clock that lines bear
   */
  static LogOptions of(Query query, Instant now) throws RefusedException {
    OptionalLong sinceSeconds = query.number("sinceSeconds");
    Optional<Instant> sinceTime = query.time("sinceTime");
    OptionalLong most = query.number("limitBytes");
    OptionalLong tail = query.number("tailLines");
    Streams streams = streams(query.all("stream"));
    if (sinceSeconds.isPresent() && sinceTime.isPresent()) {
      throw invalid("at most one of sinceTime and sinceSeconds may be specified");
    }
    if (sinceSeconds.isPresent() && sinceSeconds.getAsLong() < 1) {
      throw invalid("sinceSeconds must be greater than 0");
    }
    if (most.isPresent() && most.getAsLong() < 1) {
      throw invalid("limitBytes must be greater than 0");
    }
    if (tail.isPresent() && streams != Streams.ALL) {
      throw invalid("tailLines and a specific stream are mutually exclusive for now");
    }
    Optional<Instant> since =
        sinceSeconds.isPresent()
            ? Optional.of(now.minusSeconds(sinceSeconds.getAsLong()))
            : sinceTime;
    return new LogOptions(
        query.flag("follow"),
        query.flag("previous"),
        query.flag("timestamps"),
        since,
        tail,
        most,
        streams);
  }

  private static Streams streams(List<String> values) throws RefusedException {
    for (String value : values) {
      return switch (value) {
        case "", "All" -> Streams.ALL;
        case "Stdout" -> Streams.STDOUT;
        case "Stderr" -> Streams.STDERR;
        default -> throw invalid("stream=%s: it must be All, Stdout or Stderr".formatted(value));
      };
    }
    return Streams.ALL;
  }

  boolean wants(boolean stderr) {
    return switch (streams) {
      case ALL -> true;
      case STDOUT -> !stderr;
      case STDERR -> stderr;
    };
  }

  private static RefusedException invalid(String why) {
    return new RefusedException(HttpResponseStatus.UNPROCESSABLE_ENTITY, why);
  }
}

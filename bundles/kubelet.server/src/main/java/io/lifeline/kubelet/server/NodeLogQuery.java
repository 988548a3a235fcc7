package io.lifeline.kubelet.server;

import io.lifeline.node.api.JournalQuery;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The node log query: what of the worker's services' logs is wanted.
 *
 * <p>Source: {@code kubelet_server_journal.go} of Kubernetes (KEP-2258): its names, rules and
 * statuses.
 *
 * @param files paths below {@code /var/log}; one of these, or services, are asked for
 */
record NodeLogQuery(
    List<String> services,
    List<String> files,
    Optional<Instant> since,
    Optional<Instant> until,
    OptionalInt tail,
    Optional<String> pattern,
    OptionalInt boot) {

  private static final int MOST_SERVICES = 4;
  private static final int MOST_LINES = 100_000;

  /** Whether a request is such a query at all, and not one for a file. */
  static boolean isIn(Query query) {
    return List.of("query", "sinceTime", "untilTime", "tailLines", "pattern", "boot").stream()
        .anyMatch(name -> !query.all(name).isEmpty());
  }

  static NodeLogQuery of(Query query) throws RefusedException {
    List<String> asked = query.all("query").stream().filter(name -> !name.isBlank()).toList();
    Optional<Instant> since = query.time("sinceTime");
    Optional<Instant> until = query.time("untilTime");
    NodeLogQuery wanted =
        new NodeLogQuery(
            asked.stream().filter(name -> !isPath(name)).toList(),
            asked.stream().filter(NodeLogQuery::isPath).toList(),
            since,
            until,
            query.integer("tailLines"),
            query.first("pattern"),
            query.integer("boot"));
    wanted.check();
    return wanted;
  }

  /** A slash is the hint that a file is meant. */
  private static boolean isPath(String name) {
    return name.indexOf('/') >= 0 || name.indexOf('\\') >= 0;
  }

  private void check() throws RefusedException {
    if (services.isEmpty() && files.isEmpty()) {
      throw invalid("query: Required value: cannot be empty");
    }
    if (!services.isEmpty() && !files.isEmpty()) {
      throw invalid("query: cannot specify a file and service");
    }
    if (files.size() > 1) {
      throw invalid("query: cannot specify more than one file");
    }
    if (!files.isEmpty() && hasOptions()) {
      throw invalid("query: cannot specify file with options");
    }
    if (services.size() > MOST_SERVICES) {
      throw invalid("query: cannot specify more than %d services".formatted(MOST_SERVICES));
    }
    for (String service : services) {
      if (!JournalQuery.isUnit(service) || service.contains("..")) {
        throw invalid(
            "query: Invalid value: a service's name has at most 100 characters of"
                + " [a-zA-Z0-9_.:@-]");
      }
    }
    if (since.isPresent() && until.isPresent() && since.get().isAfter(until.get())) {
      throw invalid("untilTime: must be after sinceTime");
    }
    if (tail.orElse(0) < 0 || tail.orElse(0) > MOST_LINES) {
      throw invalid("tailLines: must be from 0 to %d".formatted(MOST_LINES));
    }
    if (boot.orElse(0) > 0) {
      throw invalid("boot: must be less than 1");
    }
    if (pattern.filter(text -> !JournalQuery.isPattern(text)).isPresent()) {
      throw invalid("pattern: must have at most 100 characters, and no control characters");
    }
  }

  private boolean hasOptions() {
    return onlyForJournal() || tail.isPresent() || pattern.isPresent();
  }

  /** Whether only entries whose time is known can answer it. */
  boolean onlyForJournal() {
    return since.isPresent() || until.isPresent() || boot.isPresent();
  }

  JournalQuery forJournal() {
    return new JournalQuery(services, since, until, tail, pattern, boot);
  }

  private static RefusedException invalid(String why) {
    return new RefusedException(HttpResponseStatus.NOT_ACCEPTABLE, why);
  }
}

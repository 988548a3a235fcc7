package io.lifeline.kubelet.server;

import io.lifeline.kubelet.server.LogTree.LogFile;
import io.lifeline.node.api.WorkerJournal;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The route {@code /logs/}: the worker's journal, and the files below its {@code /var/log}. All of
 * it is read by the thread of the answer, because the worker's disk may not answer at all.
 */
final class NodeLogs {

  static final String TEXT = "text/plain; charset=utf-8";

  private static final String NO_ENTRIES = "-- No entries --\n";

  private final LogTree tree;
  private final LogFiles files;
  private final Seam<WorkerJournal> journal;

  NodeLogs(LogTree tree, Seam<WorkerJournal> journal) {
    this.tree = tree;
    this.files = new LogFiles(tree);
    this.journal = journal;
  }

  /**
   * @param path below {@code /logs/}, a {@link FileName}
   * @throws RefusedException when the query is none
   */
  Answer answer(String path, Query query, HttpHeaders headers) throws RefusedException {
    String range = LogFiles.range(headers);
    if (!NodeLogQuery.isIn(query)) {
      return new Answer.Streamed(out -> files.write(path, range, out));
    }
    if (!path.isEmpty()) {
      throw new RefusedException(
          HttpResponseStatus.NOT_ACCEPTABLE, "path not allowed in query mode");
    }
    NodeLogQuery wanted = NodeLogQuery.of(query);
    if (!wanted.files().isEmpty()) {
      String file = FileName.ofText(wanted.files().get(0).replace('\\', '/'));
      return new Answer.Streamed(out -> files.write(file, range, out));
    }
    return new Answer.Streamed(out -> services(wanted, out));
  }

  private void services(NodeLogQuery wanted, BodyWriter out)
      throws IOException, InterruptedException, RefusedException {
    JournalBody entries = new JournalBody(out);
    Optional<WorkerJournal> bound = journal.get();
    JournalBody.Outcome outcome =
        bound.isPresent()
            ? entries.ask(bound.get(), wanted.forJournal())
            : JournalBody.Outcome.NO_JOURNAL;
    if (outcome == JournalBody.Outcome.WRITTEN) {
      return;
    }
    boolean found = false;
    for (String service : wanted.services()) {
      found |= serviceFile(service, wanted, out);
    }
    if (!found && outcome == JournalBody.Outcome.NO_ENTRIES) {
      out.begin(TEXT);
      out.write(ByteBuffer.wrap(NO_ENTRIES.getBytes(StandardCharsets.US_ASCII)));
    } else if (!found) {
      String complaint = bound.isPresent() ? entries.complaints() : journal.missing();
      throw new RefusedException(
          HttpResponseStatus.NOT_FOUND,
          "no log of %s was found on the worker: its journal has none (%s), and there is no /var/log/%s.log"
              .formatted(
                  wanted.services(),
                  complaint.isEmpty() ? "it said nothing" : complaint,
                  wanted.services().get(0)));
    }
  }

  /** The files that the kubelet looks for. */
  private boolean serviceFile(String service, NodeLogQuery wanted, BodyWriter out)
      throws IOException, InterruptedException, RefusedException {
    for (String name :
        List.of(
            service + ".log",
            service + "/" + service + ".log",
            service + "/" + service + ".INFO",
            service)) {
      try {
        if (tree.open(name) instanceof LogFile file) {
          try (file) {
            if (wanted.onlyForJournal()) {
              throw new RefusedException(
                  HttpResponseStatus.BAD_REQUEST,
                  "the log of %s is the file /var/log/%s, whose lines have no time: try without sinceTime, untilTime and boot"
                      .formatted(service, name));
            }
            Optional<LinePattern> pattern = LinePattern.of(wanted.pattern());
            out.begin(TEXT);
            new FileLines(file.channel(), out).write(wanted.tail(), pattern);
            return true;
          }
        }
      } catch (FileNotFoundException e) {
        // The next may be there.
      }
    }
    return false;
  }
}

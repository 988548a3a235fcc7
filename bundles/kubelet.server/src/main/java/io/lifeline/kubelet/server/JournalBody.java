package io.lifeline.kubelet.server;

import io.lifeline.node.api.JournalQuery;
import io.lifeline.node.api.WorkerJournal;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The journal's answer on its way to the caller. The body is begun by its first bytes, so that
 * another answer is still possible when there are none. Used once.
 */
final class JournalBody implements SessionStreams {

  private static final int MOST_COMPLAINTS = 1024;

  private final BodyWriter out;
  private final StringBuilder complaints = new StringBuilder();
  private final CompletableFuture<ExitStatus> end = new CompletableFuture<>();
  private volatile boolean begun;

  JournalBody(BodyWriter out) {
    this.out = out;
  }

  /** What came of it. */
  enum Outcome {
    /** There were entries, and they were written. */
    WRITTEN,
    /** It was asked, and there are no such entries. */
    NO_ENTRIES,
    /** It could not be asked, or complained. */
    NO_JOURNAL
  }

  /**
   * Asks, and writes what comes; blocks until it has come.
   *
   * @throws IOException when the answer broke off after it had begun
   */
  Outcome ask(WorkerJournal journal, JournalQuery query) throws IOException, InterruptedException {
    ContainerProcess process;
    try {
      process = journal.ask(query, this);
    } catch (ContainerException e) {
      complain(e.getMessage());
      return Outcome.NO_JOURNAL;
    }
    try {
      ExitStatus status = end.get();
      if (begun && status.shellCode() != 0) {
        throw new IOException("journalctl ended with %s: %s".formatted(status, complaints()));
      }
      // With a pattern that nothing matches it answers 1, and says nothing.
      boolean asked = status.shellCode() == 0 || (status.shellCode() == 1 && isQuiet());
      return begun ? Outcome.WRITTEN : asked ? Outcome.NO_ENTRIES : Outcome.NO_JOURNAL;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      process.close();
    }
  }

  /** What it complained of, for people. */
  String complaints() {
    synchronized (complaints) {
      return complaints.toString().strip();
    }
  }

  private boolean isQuiet() {
    return complaints().isEmpty();
  }

  @Override
  public void stdout(ByteBuffer bytes) throws IOException, InterruptedException {
    if (!begun) {
      begun = true;
      out.begin(NodeLogs.TEXT);
    }
    out.write(bytes);
  }

  @Override
  public void stderr(ByteBuffer bytes) {
    complain(StandardCharsets.UTF_8.decode(bytes).toString());
  }

  private void complain(String words) {
    synchronized (complaints) {
      int room = MOST_COMPLAINTS - complaints.length();
      complaints.append(words, 0, Math.min(room, words.length()));
    }
  }

  @Override
  public void inputWanted() {
    // It has no input.
  }

  @Override
  public void ended(ExitStatus status) {
    end.complete(status);
  }
}

package io.lifeline.session.api;

import java.util.List;
import java.util.Optional;

/**
 * A place in what the main process said, at first the oldest line that is kept. It holds nothing of
 * it: who reads more slowly than the process speaks finds lines gone, and is told so by a line of
 * its own. One thread at a time.
 */
public interface LogReader {

  /** The next line; empty when there is none now. */
  Optional<LogLine> next();

  /** What was said of lines that have not ended yet, one for each stream that has such a line. */
  List<LogLine> unfinished();

  /**
   * Waits until there is a next line.
   *
   * @return false when there is none and none will come: the process has ended, and what it left
   *     unfinished was a line, too
   */
  boolean await() throws InterruptedException;
}

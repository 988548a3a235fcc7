package io.lifeline.node.api;

import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.SessionStreams;

/** The worker's systemd journal, asked by the worker's own {@code journalctl}. Any thread. */
public interface WorkerJournal {

  /**
   * Asks; blocks while {@code journalctl} is loaded from the worker's disk. Entries come to stdout,
   * complaints to stderr; no entry at all is an empty stdout.
   *
   * @return closing it ends the question
   * @throws ContainerException when it cannot be started: the worker has none, its disk hangs
   */
  ContainerProcess ask(JournalQuery query, SessionStreams streams) throws ContainerException;
}

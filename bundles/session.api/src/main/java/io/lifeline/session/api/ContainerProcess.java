package io.lifeline.session.api;

import java.nio.ByteBuffer;

/** A process in the debug container, from the outside. Any thread; nothing here blocks. */
public interface ContainerProcess {

  /**
   * Offers input.
   *
   * @return true when all that remained was taken; false when some is left in the buffer: offer it
   *     again after {@link SessionStreams#inputWanted}. When the process has closed its input, all
   *     is taken and dropped, so that its exit status still arrives.
   */
  boolean stdin(ByteBuffer bytes);

  /** No more input comes: the process reads end-of-file after what was taken. */
  void closeStdin();

  /** Without a terminal this does nothing. */
  void resize(TerminalSize size);

  /**
   * Sends a signal to the process's group.
   *
   * @param signal its number on Linux, for instance 15
   */
  void signal(int signal);

  /**
   * The client is gone: hang up the terminal, or end a process that has none, and what it left in
   * its group. {@link SessionStreams#ended} still comes.
   */
  void close();
}

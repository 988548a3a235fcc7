package io.lifeline.session.api;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The client's side of a session: what the process says goes here.
 *
 * <p>Called by one thread at a time, the session's own. {@link #stdout} and {@link #stderr} block
 * while the client is slow, which stops the reading of the process: that is the backpressure. They
 * take all that remains in the buffer before they return, and keep no reference to it.
 */
public interface SessionStreams {

  void stdout(ByteBuffer bytes) throws IOException, InterruptedException;

  void stderr(ByteBuffer bytes) throws IOException, InterruptedException;

  /** Input that {@link Session#stdin} refused may be offered again. Must not block. */
  void inputWanted();

  /** The last call of all: output has been delivered whole before it. */
  void ended(ExitStatus status);
}

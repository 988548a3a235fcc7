package io.lifeline.kubelet.server;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where the body of a streamed answer goes, in chunks. A slow caller blocks {@link #write}, so that
 * what is read ahead for him stays bounded. One thread, the answer's own.
 */
interface BodyWriter {

  /**
   * Takes all that remains.
   *
   * @throws IOException when the caller has gone
   */
  void write(ByteBuffer bytes) throws IOException, InterruptedException;

  /** Sends what was taken, for a caller who watches it come; blocks like {@link #write}. */
  void flush() throws IOException, InterruptedException;

  /** What produces a body. It is interrupted when the caller has gone. */
  @FunctionalInterface
  interface Body {

    /**
     * Writes it.
     *
     * @throws IOException when it cannot be had whole: the caller then sees a connection that broke
     *     off, not a body that ended
     */
    void writeTo(BodyWriter out) throws IOException, InterruptedException;
  }
}

package io.lifeline.kubelet.server;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where the body of a streamed answer goes, in chunks. A slow caller blocks {@link #write}, so that
 * what is read ahead for him stays bounded. One thread, the answer's own.
 */
interface BodyWriter {

  /**
   * The answer is a good one, and of this type: from here on nothing else can be answered. Sends
   * the head at once: who follows a log wants to know that he does, also when it says nothing. A
   * second call is nothing.
   */
  void begin(String type);

  /**
   * Takes all that remains; after {@link #begin}.
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
     * @throws RefusedException when, before it has begun, it turns out that there is none
     * @throws IOException when it cannot be had whole: the caller then sees a connection that broke
     *     off, not a body that ended
     */
    void writeTo(BodyWriter out) throws IOException, InterruptedException, RefusedException;
  }
}

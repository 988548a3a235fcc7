package io.lifeline.kubelet.server;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Where the body of a streamed answer goes, in chunks. A slow caller blocks {@link #write}, so that
 * what is read ahead for him stays bounded. One thread, the answer's own.
 */
interface BodyWriter {

  /**
   * The answer is this one: from here on nothing else can be answered. Sends the head at once: who
   * follows a log wants to know that he does, also when it says nothing. A second call is nothing.
   */
  void begin(Head head);

  /** The same for all that there is, of this type. */
  default void begin(String type) {
    begin(new Head(HttpResponseStatus.OK, type, Map.of()));
  }

  /**
   * What stands before a body.
   *
   * @param more headers beside the type
   */
  record Head(HttpResponseStatus status, String type, Map<AsciiString, String> more) {}

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

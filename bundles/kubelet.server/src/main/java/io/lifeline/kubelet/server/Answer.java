package io.lifeline.kubelet.server;

import io.lifeline.kubelet.api.StreamTarget;
import io.lifeline.kubelet.api.StreamingProtocol;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;

/** What a request leads to. */
sealed interface Answer {

  /** A response that is there as a whole. */
  record Whole(HttpResponseStatus status, String type, byte[] body) implements Answer {

    static Whole ok(String type, byte[] body) {
      return new Whole(HttpResponseStatus.OK, type, body);
    }

    static Whole text(HttpResponseStatus status, String text) {
      return new Whole(
          status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * A response that comes when something has ended.
   *
   * @param abandon the caller has gone: nobody waits for it any longer
   */
  record Later(CompletionStage<Whole> whole, Runnable abandon) implements Answer {}

  /** A response that is written while it is made, by a thread of its own. */
  record Streamed(BodyWriter.Body body) implements Answer {}

  /** The connection is a protocol's from now on. */
  record HandOver(StreamingProtocol protocol, StreamTarget target) implements Answer {}
}

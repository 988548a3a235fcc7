package io.lifeline.proxy;

import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a no: a reason and a message as JSON, and in the log once for the same no. Any thread.
 */
final class Refusals {

  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private final Repeats repeats = new Repeats(System::nanoTime);

  Response refusal(String who, Answer.Refused refused) {
    if (repeats.isNews(who, refused.reason())) {
      LOG.warn("{} was refused: {}: {}", who, refused.reason(), refused.message());
    }
    return Response.status(refused.reason().status())
        .type(MediaType.APPLICATION_JSON)
        .entity(
            "{\"reason\":\"%s\",\"message\":\"%s\"}\n"
                .formatted(refused.reason(), refused.message().replaceAll("[\"\\\\]", "'")))
        .build();
  }
}

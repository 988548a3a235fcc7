package io.lifeline.kubernetes.internal;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Reads the {@code Date} of each answer of a server whose certificate was found good. */
record ToldTime(HeardTime time, JudgedTrust server) implements Interceptor {

  static final String NAME = "lifeline-time";

  @Override
  public void after(
      HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> body) {
    String date = response.header("Date");
    if (date == null) {
      return;
    }
    try {
      time.hear(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)), server::wouldHold);
    } catch (DateTimeException e) {
      // No date: then this answer tells none.
      return;
    }
  }
}

package io.lifeline.kubelet.server;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A request's target, taken apart. */
record Query(String path, Map<String, List<String>> values) {

  private static final int MOST_PARAMETERS = 8192;

  /**
   * @throws RefusedException when the percent-encoding is broken
   */
  static Query of(String uri) throws RefusedException {
    try {
      QueryStringDecoder decoder =
          new QueryStringDecoder(uri, StandardCharsets.UTF_8, true, MOST_PARAMETERS);
      return new Query(decoder.path(), decoder.parameters());
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          HttpResponseStatus.BAD_REQUEST, "the request's target is not well encoded");
    }
  }

  /** Every value of a parameter, in order. */
  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** Whether a parameter is 1 or true. */
  boolean flag(String name) {
    return all(name).stream().anyMatch(value -> value.equals("1") || value.equals("true"));
  }

  /**
   * A whole number, zero or more, where one is given.
   *
   * @throws RefusedException when it is something else
   */
  OptionalInt number(String name) throws RefusedException {
    for (String value : all(name)) {
      try {
        int number = Integer.parseInt(value);
        if (number >= 0) {
          return OptionalInt.of(number);
        }
      } catch (NumberFormatException e) {
        throw notNumber(name, value);
      }
      throw notNumber(name, value);
    }
    return OptionalInt.empty();
  }

  private static RefusedException notNumber(String name, String value) {
    return new RefusedException(
        HttpResponseStatus.BAD_REQUEST,
        "%s=%s: it must be a whole number, zero or more".formatted(name, value));
  }
}

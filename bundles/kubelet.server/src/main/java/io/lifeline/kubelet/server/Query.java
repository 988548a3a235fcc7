package io.lifeline.kubelet.server;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request's target, taken apart.
 *
 * @param path decoded, and each character one of its bytes: it may be that of a file ({@link
 *     FileName})
 * @param values decoded as UTF-8
 */
record Query(String path, Map<String, List<String>> values) {

  private static final int MOST_PARAMETERS = 8192;
  private static final Pattern SERVER =
      Pattern.compile("https?://[^/?#]*", Pattern.CASE_INSENSITIVE);
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");

  /**
   * @throws RefusedException when the percent-encoding is broken
   */
  static Query of(String uri) throws RefusedException {
    try {
      String target = inOrigin(uri);
      QueryStringDecoder values =
          new QueryStringDecoder(target, StandardCharsets.UTF_8, true, MOST_PARAMETERS);
      String path = new QueryStringDecoder(target, StandardCharsets.ISO_8859_1).path();
      return new Query(path, values.parameters());
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          HttpResponseStatus.BAD_REQUEST, "the request's target is not well encoded");
    }
  }

  /**
   * A target may name its server, too (RFC 9112, 3.2.2): whoever it names, we are who was asked.
   */
  private static String inOrigin(String uri) {
    Matcher absolute = SERVER.matcher(uri);
    if (!absolute.lookingAt()) {
      return uri;
    }
    String rest = uri.substring(absolute.end());
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  /** Every value of a parameter, in order. */
  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** Whether a parameter is true, in any of the words that Go has for it. */
  boolean flag(String name) {
    return all(name).stream().anyMatch(TRUE::contains);
  }

  /** The first value of a parameter, where it has one that is not blank. */
  Optional<String> first(String name) {
    return all(name).stream().findFirst().filter(value -> !value.isBlank());
  }

  /**
   * A whole number, zero or more, where one is given.
   *
   * @throws RefusedException when it is something else
   */
  OptionalLong number(String name) throws RefusedException {
    for (String value : all(name)) {
      try {
        long number = Long.parseLong(value);
        if (number >= 0) {
          return OptionalLong.of(number);
        }
      } catch (NumberFormatException e) {
        throw bad(name, value, "a whole number, zero or more");
      }
      throw bad(name, value, "a whole number, zero or more");
    }
    return OptionalLong.empty();
  }

  /**
   * A whole number of any sign, where one is given.
   *
   * @throws RefusedException when it is something else
   */
  OptionalInt integer(String name) throws RefusedException {
    Optional<String> value = first(name);
    try {
      return value.isPresent()
          ? OptionalInt.of(Integer.parseInt(value.get()))
          : OptionalInt.empty();
    } catch (NumberFormatException e) {
      throw bad(name, value.orElse(""), "a whole number");
    }
  }

  /**
   * A time as RFC 3339 has it, where one is given.
   *
   * @throws RefusedException when it is something else
   */
  Optional<Instant> time(String name) throws RefusedException {
    Optional<String> value = first(name);
    try {
      return value.map(text -> OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      throw bad(name, value.orElse(""), "a time as in RFC 3339, 2006-01-02T15:04:05Z");
    }
  }

  private static RefusedException bad(String name, String value, String rule) {
    return new RefusedException(
        HttpResponseStatus.BAD_REQUEST, "%s=%s: it must be %s".formatted(name, value, rule));
  }
}

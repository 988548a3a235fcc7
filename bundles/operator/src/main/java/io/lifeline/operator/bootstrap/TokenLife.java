package io.lifeline.operator.bootstrap;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a service account's token says of itself (RFC 7519). It is read to know when to replace it,
 * and believed in nothing else.
 *
 * @param issued its beginning
 * @param ends its end
 * @param claims the JSON text of its claims
 */
record TokenLife(Instant issued, Instant ends, String claims) {

  private static final Pattern ISSUED = Pattern.compile("\"iat\"\\s*:\\s*(\\d{1,15})");
  private static final Pattern ENDS = Pattern.compile("\"exp\"\\s*:\\s*(\\d{1,15})");

  /** Empty when it is no such token. */
  static Optional<TokenLife> read(String token) {
    List<String> parts = List.of(token.split("\\.", -1));
    if (parts.size() != 3) {
      return Optional.empty();
    }
    String claims;
    try {
      claims = new String(Base64.getUrlDecoder().decode(parts.get(1)), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return time(ISSUED, claims)
        .flatMap(issued -> time(ENDS, claims).map(ends -> new TokenLife(issued, ends, claims)));
  }

  private static Optional<Instant> time(Pattern pattern, String claims) {
    Matcher matcher = pattern.matcher(claims);
    return matcher.find()
        ? Optional.of(Instant.ofEpochSecond(Long.parseLong(matcher.group(1))))
        : Optional.empty();
  }

  /** Whether it was made for the service account with this UID. */
  boolean belongsTo(String uid) {
    return claims.contains('"' + uid + '"');
  }

  /** Whether more than half of its life is over. */
  boolean old(Instant now) {
    return now.isAfter(
        issued.plusMillis(ends.minusMillis(issued.toEpochMilli()).toEpochMilli() / 2));
  }

  @Override
  public String toString() {
    return "TokenLife[until " + ends + "]";
  }
}

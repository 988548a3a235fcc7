package io.lifeline.ssh.server;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.digest.BuiltinDigests;

/**
 * A line of {@code authorized_keys}.
 *
 * <p>Source: sshd(8), AUTHORIZED_KEYS FILE FORMAT. Options that only forbid what is never allowed
 * here are taken; one that is not known makes the line unusable.
 *
 * @param ends when the line ends, where it says so
 */
record AuthorizedKey(
    PublicKey key, String comment, Restrictions restrictions, Optional<Instant> ends) {

  private static final int LEAST_RSA = 2048;

  /** They forbid what this door never does. */
  private static final List<String> ALREADY_SO =
      List.of(
          "no-port-forwarding",
          "no-agent-forwarding",
          "no-x11-forwarding",
          "no-user-rc",
          "no-touch-required");

  /**
   * @throws IllegalArgumentException when the line cannot be used; the message says why
   */
  static AuthorizedKey parse(String line) {
    try {
      AuthorizedKeyEntry entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line);
      PublicKey key = entry.resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
      refuseWeak(key);
      return options(key, entry.getComment(), entry.getLoginOptions());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("it holds no key that is known: " + e.getMessage(), e);
    }
  }

  static void refuseWeak(PublicKey key) {
    int bits = KeyUtils.getKeySize(key);
    if ("DSA".equals(key.getAlgorithm())) {
      throw new IllegalArgumentException("DSA keys are not taken");
    }
    if ("RSA".equals(key.getAlgorithm()) && bits < LEAST_RSA) {
      throw new IllegalArgumentException(
          "an RSA key of %d bits is too weak; at least %d".formatted(bits, LEAST_RSA));
    }
  }

  private static AuthorizedKey options(PublicKey key, String comment, Map<String, String> options) {
    Optional<String> command = Optional.empty();
    List<Restrictions.Source> sources = List.of();
    Optional<Instant> ends = Optional.empty();
    boolean terminal = !options.containsKey("restrict");
    for (Map.Entry<String, String> option : options.entrySet()) {
      String name = option.getKey().toLowerCase(Locale.ROOT);
      String value = option.getValue();
      switch (name) {
        case "restrict" -> {}
        case "pty" -> terminal = true;
        case "no-pty" -> terminal = false;
        case "command" -> command = Optional.of(value);
        case "from" -> sources = Restrictions.sources(value);
        case "expiry-time" -> ends = Optional.of(time(value));
        default -> {
          if (!ALREADY_SO.contains(name)) {
            throw new IllegalArgumentException(
                "its option '%s' is not supported here".formatted(name));
          }
        }
      }
    }
    return new AuthorizedKey(
        key, comment == null ? "" : comment, new Restrictions(command, sources, terminal), ends);
  }

  /** YYYYMMDD[HHMM[SS]][Z]. */
  private static Instant time(String text) {
    boolean utc = text.endsWith("Z");
    String digits = utc ? text.substring(0, text.length() - 1) : text;
    try {
      String whole = (digits + "000000").substring(0, 14);
      return LocalDateTime.parse(whole, DateTimeFormatter.ofPattern("yyyyMMddHHmmss"))
          .atZone(utc ? ZoneOffset.UTC : ZoneId.systemDefault())
          .toInstant();
    } catch (DateTimeException | StringIndexOutOfBoundsException e) {
      throw new IllegalArgumentException("its expiry-time '%s' is none".formatted(text), e);
    }
  }

  /** As OpenSSH shows it. */
  static String fingerprint(PublicKey key) {
    return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
  }
}

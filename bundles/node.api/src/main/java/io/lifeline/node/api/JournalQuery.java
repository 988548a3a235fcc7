package io.lifeline.node.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A question to the worker's journal. Nothing of it can become another option of {@code
 * journalctl}; there is no shell.
 *
 * @param units systemd units; at least one
 * @param lines only so many of the last entries
 * @param pattern a regular expression that an entry's message must match
 * @param boot 0 the current boot, −1 the one before, …
 */
public record JournalQuery(
    List<String> units,
    Optional<Instant> since,
    Optional<Instant> until,
    OptionalInt lines,
    Optional<String> pattern,
    OptionalInt boot) {

  /** The characters that the kubelet lets through. */
  private static final Pattern UNIT = Pattern.compile("[a-zA-Z0-9_.:@-]{1,100}");

  private static final int LONGEST_PATTERN = 100;

  public JournalQuery {
    units = List.copyOf(units);
    if (units.isEmpty()) {
      throw new IllegalArgumentException("no unit is named");
    }
    for (String unit : units) {
      if (!isUnit(unit)) {
        throw new IllegalArgumentException(
            "'%s' is no unit: at most 100 of [a-zA-Z0-9_.:@-]".formatted(unit));
      }
    }
    if (pattern.filter(text -> !isPattern(text)).isPresent()) {
      throw new IllegalArgumentException(
          "a pattern has at most %d characters, no control character among them"
              .formatted(LONGEST_PATTERN));
    }
    if (lines.orElse(0) < 0 || boot.orElse(0) > 0) {
      throw new IllegalArgumentException("lines are 0 or more, a boot is 0 or less");
    }
  }

  /** Whether this may be a unit's name. */
  public static boolean isUnit(String name) {
    return UNIT.matcher(name).matches();
  }

  /** Whether this may be asked for. */
  public static boolean isPattern(String text) {
    return text.length() <= LONGEST_PATTERN && text.chars().noneMatch(Character::isISOControl);
  }
}

package io.lifeline.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one component, as {@code etc/<pid>.cfg} and the environment give them.
 *
 * <p>The environment wins: key {@code ready.after} of {@code io.lifeline.node.monitor} is
 * overridden by {@code LIFELINE_NODE_MONITOR_READY_AFTER}. A key that is absent or blank has its
 * default. Immutable; safe for any thread.
 */
public final class Settings {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private final String pid;
  private final Map<String, ?> properties;
  private final UnaryOperator<@Nullable String> environment;

  private Settings(
      String pid, Map<String, ?> properties, UnaryOperator<@Nullable String> environment) {
    this.pid = pid;
    this.properties = properties;
    this.environment = environment;
  }

  /** Settings of a component, overridden by this process's environment. */
  public static Settings of(String pid, Map<String, ?> properties) {
    return new Settings(pid, properties, System::getenv);
  }

  /** The same with an environment of the caller's, for tests. */
  public static Settings of(
      String pid, Map<String, ?> properties, Map<String, String> environment) {
    return new Settings(pid, properties, environment::get);
  }

  /** The environment variable that overrides a key: {@code LIFELINE_NODE_MONITOR_READY_AFTER}. */
  public static String variable(String pid, String key) {
    String name = pid.startsWith("io.lifeline.") ? pid.substring("io.lifeline.".length()) : pid;
    return "LIFELINE_" + (name + "." + key).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  /** A text, not blank, or the default. */
  public String text(String key, String fallback) {
    return optional(key).orElse(fallback);
  }

  /** A text that a pattern matches whole; {@code rule} finishes the sentence "but it …". */
  public String text(String key, String fallback, Pattern pattern, String rule) {
    String value = text(key, fallback);
    if (!pattern.matcher(value).matches()) {
      throw refused(key, value, rule);
    }
    return value;
  }

  /** A text, where there is one. */
  public Optional<String> optional(String key) {
    String value = environment.apply(variable(pid, key));
    if (value == null || value.isBlank()) {
      Object property = properties.get(key);
      value = property == null ? "" : property.toString();
    }
    return value.isBlank() ? Optional.empty() : Optional.of(value.strip());
  }

  /** An absolute path that need not be given. */
  public Optional<Path> path(String key) {
    return optional(key)
        .map(
            text -> {
              if (!text.startsWith("/")) {
                throw refused(key, text, "it must be an absolute path");
              }
              return Path.of(text);
            });
  }

  /** A list, its items parted by commas; blank items are left out. */
  public List<String> list(String key, String fallback) {
    return Arrays.stream(text(key, fallback).split(",", -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  /** A list whose items a pattern matches whole; {@code rule} finishes the sentence "but …". */
  public List<String> list(String key, String fallback, Pattern item, String rule) {
    List<String> items = list(key, fallback);
    for (String each : items) {
      if (!item.matcher(each).matches()) {
        throw refused(key, each, rule);
      }
    }
    return items;
  }

  /** A duration such as {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 7d}. */
  public Duration duration(String key, String fallback, String least, String most) {
    String value = text(key, fallback);
    String rule =
        "it must be a duration from %s to %s, written like 500ms, 10s, 5m, 1h or 7d"
            .formatted(least, most);
    Duration duration = parse(value).orElseThrow(() -> refused(key, value, rule));
    if (duration.compareTo(parse(least).orElseThrow()) < 0
        || duration.compareTo(parse(most).orElseThrow()) > 0) {
      throw refused(key, value, rule);
    }
    return duration;
  }

  /** A whole number between two bounds, both inclusive. */
  public int number(String key, int fallback, int least, int most) {
    String value = text(key, Integer.toString(fallback));
    String rule = "it must be a whole number from %d to %d".formatted(least, most);
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw refused(key, value, rule);
    }
    throw refused(key, value, rule);
  }

  /** {@code true} or {@code false}, nothing else. */
  public boolean flag(String key, boolean fallback) {
    String value = text(key, Boolean.toString(fallback));
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused(key, value, "it must be true or false");
    };
  }

  /** One of an enum's constants, written in lower case with dashes. */
  public <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
    String value = text(key, written(fallback));
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> written(constant).equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    key,
                    value,
                    "it must be one of "
                        + Arrays.stream(type.getEnumConstants()).map(Settings::written).toList()));
  }

  /** The refusal of a value whose rule the caller knows; {@code rule} finishes "but …". */
  public SettingRefusedException refused(String key, Object value, String rule) {
    return new SettingRefusedException(pid, key, value, rule);
  }

  private static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Optional<Duration> parse(String value) {
    Matcher matcher = DURATION.matcher(value);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }
}

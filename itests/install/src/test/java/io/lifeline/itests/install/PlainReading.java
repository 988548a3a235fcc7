package io.lifeline.itests.install;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a template says with the chart's own values, in a cluster that has everything: each
 * condition is true, each range is over nothing. It knows the few forms that the chart uses and
 * refuses any other.
 */
final class PlainReading {

  private static final Pattern BLOCK = Pattern.compile("\\s*\\{\\{- (if|range|else|end)\\b.*}}");
  private static final Pattern VALUE =
      Pattern.compile("\\{\\{ (toJson )?\\.Values\\.([A-Za-z.]+)( \\| quote)? }}");

  private final Map<String, Object> values;

  PlainReading(Map<String, Object> values) {
    this.values = values;
  }

  String of(String template) {
    StringBuilder said = new StringBuilder();
    Deque<Boolean> blocks = new ArrayDeque<>();
    for (String line : template.split("\n", -1)) {
      Matcher block = BLOCK.matcher(line);
      if (block.matches()) {
        switch (block.group(1)) {
          case "if" -> blocks.push(true);
          case "range" -> blocks.push(false);
          case "else" -> blocks.push(!blocks.pop());
          default -> blocks.pop();
        }
      } else if (!blocks.contains(false)) {
        said.append(line(line)).append('\n');
      }
    }
    return said.toString();
  }

  private String line(String line) {
    String said =
        VALUE
            .matcher(line)
            .replaceAll(
                match -> {
                  String value = write(value(match.group(2)));
                  return Matcher.quoteReplacement(
                      match.group(3) == null ? value : '"' + value + '"');
                });
    if (said.contains("{{")) {
      throw new AssertionError("the templates use more than they need: " + line);
    }
    return said;
  }

  /** A value by its path; one that the chart does not have is an error. */
  Object value(String path) {
    Object value = values;
    for (String name : path.split("\\.")) {
      value = Project.map(value).get(name);
      if (value == null) {
        throw new AssertionError("values.yaml has no " + path);
      }
    }
    return value;
  }

  /** JSON, in so far as the values need it. */
  private static String write(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return value.toString();
    }
    StringBuilder json = new StringBuilder();
    map.forEach(
        (name, each) -> {
          String text = each instanceof Map ? write(each) : '"' + each.toString() + '"';
          json.append(json.isEmpty() ? "" : ",")
              .append('"')
              .append(name)
              .append("\":")
              .append(text);
        });
    return "{" + json + "}";
  }
}

package io.lifeline.session.api;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Writes JSON, for what is told of sessions: the status that ends one, the audit line, the
 * recording, the process for the runtime, a table of them for programs. A library would be one more
 * bundle on each node, for one method.
 */
public final class Json {

  private Json() {}

  /** Maps, lists, numbers and booleans as such, in their order; anything else as its text. */
  public static String of(Object value) {
    StringBuilder text = new StringBuilder();
    write(text, value);
    return text.toString();
  }

  private static void write(StringBuilder text, Object value) {
    if (value instanceof Map<?, ?> map) {
      text.append('{');
      for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
          entries.hasNext(); ) {
        Map.Entry<?, ?> entry = entries.next();
        quote(text, entry.getKey().toString());
        text.append(':');
        write(text, entry.getValue());
        text.append(entries.hasNext() ? "," : "");
      }
      text.append('}');
    } else if (value instanceof List<?> list) {
      text.append('[');
      for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
        write(text, items.next());
        text.append(items.hasNext() ? "," : "");
      }
      text.append(']');
    } else if (value instanceof Number || value instanceof Boolean) {
      text.append(value);
    } else {
      quote(text, value.toString());
    }
  }

  /**
   * In quotes. Whatever ends a line is escaped, so that nobody forges a line of a log; and half a
   * surrogate pair, so that what is written is UTF-8.
   */
  private static void quote(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (Character.isISOControl(c) || Character.isSurrogate(c) || c == '\u2028') {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}

package io.lifeline.console;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;

/** Karaf's shell, as far as our commands see it. */
final class Shell {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Session session() {
    return (Session)
        Proxy.newProxyInstance(
            Shell.class.getClassLoader(),
            new Class<?>[] {Session.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getConsole" -> new PrintStream(out, true, StandardCharsets.UTF_8);
                  case "get" -> arguments[0].equals("USER") ? "karaf" : null;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  void clear() {
    out.reset();
  }

  String written() {
    return out.toString(StandardCharsets.UTF_8);
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  List<String> completed(Completer completer, String word) {
    List<String> candidates = new ArrayList<>();
    CommandLine line =
        (CommandLine)
            Proxy.newProxyInstance(
                Shell.class.getClassLoader(),
                new Class<?>[] {CommandLine.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "getCursorArgument" -> word;
                      case "getArgumentPosition", "getBufferPosition" -> word.length();
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    completer.complete(session(), line, candidates);
    return candidates;
  }
}

package io.lifeline.console;

import io.lifeline.session.api.Json;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;
import org.jspecify.annotations.Nullable;

/** A command that shows something: to people, or as JSON to programs. */
abstract class Shown implements Action {

  private static final String JSON = "json";

  @Reference Session shell;

  @Option(name = "-o", aliases = "--output", description = "json: for programs")
  String output = "";

  @Override
  public final @Nullable Object execute() throws Exception {
    PrintStream out = shell.getConsole();
    switch (output) {
      case "" -> show(out);
      case JSON -> out.println(Json.of(json()));
      default ->
          throw new IllegalArgumentException(
              "-o %s: it must be json, or left out".formatted(output));
    }
    return null;
  }

  /** For people: 80 columns. */
  abstract void show(PrintStream out) throws Exception;

  /** The same as maps, lists, text, numbers and booleans. */
  abstract Object json() throws Exception;
}

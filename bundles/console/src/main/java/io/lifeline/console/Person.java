package io.lifeline.console;

import io.lifeline.security.api.Identity;
import java.util.Set;
import org.apache.karaf.shell.api.console.Session;

/** Who sits at the console, as far as Karaf knows. */
final class Person {

  /** Where a shell keeps whom its door has proved. */
  static final String KNOWN = ".lifeline.person";

  private Person() {}

  static Identity at(Session shell) {
    if (shell.get(KNOWN) instanceof Identity known) {
      return known;
    }
    Object user = shell.get("USER");
    return new Identity(
        user == null ? "console" : user.toString(), Set.of(), Identity.Proof.LOCAL_CONSOLE);
  }
}

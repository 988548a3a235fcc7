package io.lifeline.console;

import io.lifeline.security.api.Identity;
import java.util.Set;
import org.apache.karaf.shell.api.console.Session;

/** Who sits at the console, as far as Karaf knows. */
final class Person {

  private Person() {}

  static Identity at(Session shell) {
    Object user = shell.get("USER");
    return new Identity(
        user == null ? "console" : user.toString(), Set.of(), Identity.Proof.LOCAL_CONSOLE);
  }
}

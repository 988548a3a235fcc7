package io.lifeline.console;

import io.lifeline.node.api.RescueCredentials;
import java.io.PrintStream;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code rescue:arm}: gets what a rescue needs now, not at the next round. */
@Service
@Command(
    scope = "rescue",
    name = "arm",
    description =
        "Gets what a rescue will need, now and not at the next round; says what is missing."
            + " Example: rescue:arm")
public final class RescueArmCommand extends Shown {

  private static final int NAME = 8;

  @Reference(optional = true)
  @Nullable RescueCredentials credentials;

  @Override
  void show(PrintStream out) {
    credentials().arm();
    Table.facts(
        out,
        NAME,
        "armed",
        credentials()
            .unarmed()
            .map(what -> "not yet: %s; tried again now, rescue:arm tells".formatted(what))
            .orElse("yes; looked after again now"));
  }

  @Override
  Object json() {
    credentials().arm();
    return Map.of(
        "armed", credentials().unarmed().isEmpty(), "missing", credentials().unarmed().orElse(""));
  }

  private RescueCredentials credentials() {
    return Wanted.of(credentials, RescueCredentials.class);
  }
}

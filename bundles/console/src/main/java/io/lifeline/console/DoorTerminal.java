package io.lifeline.console;

import io.lifeline.session.api.TerminalSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import org.apache.karaf.shell.api.console.SignalListener;
import org.apache.karaf.shell.api.console.Terminal;
import org.jline.terminal.Size;
import org.jline.terminal.impl.ExternalTerminal;

/** A terminal at the other end of a door, as Karaf's shell wants one. */
final class DoorTerminal extends ExternalTerminal implements Terminal {

  DoorTerminal(String type, InputStream in, OutputStream out) throws IOException {
    super("door", type, in, out, StandardCharsets.UTF_8);
  }

  /** Its window has this size now. */
  void resize(TerminalSize to) {
    setSize(new Size(to.columns(), to.rows()));
    raise(Signal.WINCH);
  }

  @Override
  public int getWidth() {
    return getSize().getColumns();
  }

  @Override
  public int getHeight() {
    return getSize().getRows();
  }

  @Override
  public boolean isAnsiSupported() {
    return true;
  }

  @Override
  public boolean isEchoEnabled() {
    return echo();
  }

  @Override
  public void setEchoEnabled(boolean enabled) {
    echo(enabled);
  }

  // Karaf's own terminals do not tell their listeners anything either: JLine's handlers are used.

  @Override
  public void addSignalListener(SignalListener listener) {}

  @Override
  public void addSignalListener(
      SignalListener listener, org.apache.karaf.shell.api.console.Signal... signals) {}

  @Override
  public void addSignalListener(
      SignalListener listener, EnumSet<org.apache.karaf.shell.api.console.Signal> signals) {}

  @Override
  public void removeSignalListener(SignalListener listener) {}
}

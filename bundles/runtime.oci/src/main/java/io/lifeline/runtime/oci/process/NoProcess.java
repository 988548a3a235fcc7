package io.lifeline.runtime.oci.process;

import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.TerminalSize;
import java.nio.ByteBuffer;

/** Stands in for a process that could not be started. */
final class NoProcess implements ContainerProcess {

  @Override
  public boolean stdin(ByteBuffer bytes) {
    bytes.position(bytes.limit());
    return true;
  }

  @Override
  public void closeStdin() {}

  @Override
  public void resize(TerminalSize size) {}

  @Override
  public void signal(int signal) {}

  @Override
  public void close() {}
}

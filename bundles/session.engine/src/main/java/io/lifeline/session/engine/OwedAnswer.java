package io.lifeline.session.engine;

import io.lifeline.session.api.ContainerProcess;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the {@code lifeline} command in the container waits for: its exit code and a BEL. */
final class OwedAnswer {

  private @Nullable ByteBuffer owed;

  synchronized void owe(boolean well) {
    owed = ByteBuffer.wrap((well ? "0\u0007" : "1\u0007").getBytes(StandardCharsets.US_ASCII));
  }

  /** Types what is owed, as far as the process takes it. */
  synchronized void give(@Nullable ContainerProcess process) {
    if (owed != null && process != null && process.stdin(owed)) {
      owed = null;
    }
  }
}

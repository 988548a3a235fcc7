package io.lifeline.runtime.oci.linux;

import com.sun.jna.Native;
import java.io.IOException;

/** A system call failed; the message names it, its object and the kernel's reason. */
public final class SystemCallException extends IOException {

  private static final long serialVersionUID = 1L;

  SystemCallException(String call, int error) {
    super("%s: %s (errno %d)".formatted(call, LibC.strerror(error), error));
  }

  /** The failure of the last call of this thread. */
  static SystemCallException last(String call) {
    return new SystemCallException(call, Native.getLastError());
  }
}

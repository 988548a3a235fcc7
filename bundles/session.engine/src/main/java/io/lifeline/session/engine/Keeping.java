package io.lifeline.session.engine;

import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.DebugContainer;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that a shell outlives the agent's process. Any thread. */
final class Keeping {

  private static final Logger LOG = LoggerFactory.getLogger(Keeping.class);
  private static final long STACK = 256 * 1024L;

  private final KeptSessions files;
  private final AtomicBoolean told = new AtomicBoolean();

  Keeping(KeptSessions files) {
    this.files = files;
  }

  /** Returns at once: nobody waits for it. */
  void begin(LiveSession session, DebugContainer container, ContainerProcess process) {
    Thread thread =
        new Thread(null, () -> keep(session, container, process), "lifeline-keeping", STACK);
    thread.setDaemon(true);
    thread.start();
  }

  private void keep(LiveSession session, DebugContainer container, ContainerProcess process) {
    try {
      // The file first: what the container keeps without one would never be asked for.
      files.write(session);
      container.keep(process, session.id());
      if (session.isOver()) {
        files.forget(session.id());
      }
    } catch (IOException | ContainerException e) {
      files.forget(session.id());
      if (told.compareAndSet(false, true)) {
        LOG.info("shells end with the agent's process: {}", e.getMessage());
      }
    }
  }

  void over(LiveSession session) {
    files.forget(session.id());
  }
}

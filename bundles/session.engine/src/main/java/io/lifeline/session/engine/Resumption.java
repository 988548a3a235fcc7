package io.lifeline.session.engine;

import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes up the shells that an earlier life of the agent left. */
final class Resumption {

  private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);
  private static final int UNKNOWN = 255;

  /** What the engine makes of them. */
  interface Engine {

    Optional<DebugContainer> container(String id) throws ContainerException;

    /** Makes a session of it, which is listed from now on; its recording goes on. */
    LiveSession listed(KeptSession kept);

    /** Nobody is in it. */
    void resumed(LiveSession session);

    void ended(LiveSession session, ExitStatus status);
  }

  private final KeptSessions files;
  private final Engine engine;

  Resumption(KeptSessions files, Engine engine) {
    this.files = files;
    this.engine = engine;
  }

  /** Blocks for a moment when there are any. */
  void run() {
    for (KeptSession kept : files.ofOthers()) {
      try {
        resume(kept);
      } catch (ContainerException e) {
        LOG.warn("the shell {} cannot be joined again: {}", kept.id(), e.getMessage());
      }
    }
  }

  private void resume(KeptSession kept) throws ContainerException {
    Optional<DebugContainer> container = engine.container(kept.request().containerId());
    if (container.isEmpty()) {
      files.forget(kept.id());
      return;
    }
    LiveSession session = engine.listed(kept);
    try {
      Optional<ContainerProcess> process = container.get().kept(kept.id(), session.output());
      if (process.isEmpty()) {
        engine.ended(
            session,
            new ExitStatus.Failed(UNKNOWN, "it ended while the agent was away; how is not known"));
        return;
      }
      session.started(process.get());
      files.write(session);
      engine.resumed(session);
      LOG.info("the shell {} was found again: 'lifeline join {}'", kept.id(), kept.id());
    } catch (ContainerException e) {
      engine.ended(session, new ExitStatus.Failed(UNKNOWN, e.getMessage()));
      throw e;
    } catch (IOException e) {
      LOG.warn("the shell {} ends with this process: {}", kept.id(), e.toString());
    }
  }

  /** In the place of the client whose connection ended with the earlier life. */
  static SessionStreams nobody() {
    return new SessionStreams() {

      @Override
      public void stdout(ByteBuffer bytes) {
        bytes.position(bytes.limit());
      }

      @Override
      public void stderr(ByteBuffer bytes) {
        bytes.position(bytes.limit());
      }

      @Override
      public void inputWanted() {}

      @Override
      public void ended(ExitStatus status) {}
    };
  }
}

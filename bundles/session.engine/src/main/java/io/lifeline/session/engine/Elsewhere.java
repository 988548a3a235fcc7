package io.lifeline.session.engine;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A session's terminal that shows another session: to the one who sees it, it is one of both. */
final class Elsewhere implements SessionStreams {

  private final LiveSession own;

  Elsewhere(LiveSession own) {
    this.own = own;
  }

  @Override
  public void stdout(ByteBuffer bytes) throws IOException, InterruptedException {
    own.output().stdout(bytes);
  }

  @Override
  public void stderr(ByteBuffer bytes) throws IOException, InterruptedException {
    own.output().stderr(bytes);
  }

  @Override
  public void inputWanted() {
    own.output().inputWanted();
  }

  /** After all that the other said. */
  @Override
  public void ended(ExitStatus status) {
    own.back(true);
  }
}

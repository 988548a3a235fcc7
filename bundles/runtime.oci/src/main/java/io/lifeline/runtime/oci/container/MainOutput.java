package io.lifeline.runtime.oci.container;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What the main process says: to the ring, and to everybody who is attached. Called by the main
 * process's thread.
 */
final class MainOutput implements SessionStreams {

  private static final int RING = 256 * 1024;
  // One person alone slows the process down; among several, who is slow loses output.
  private static final Duration PATIENCE_ALONE = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final LogRing ring = new LogRing(RING);
  private final List<Attachment> attached = new CopyOnWriteArrayList<>();

  @Override
  public void stdout(ByteBuffer bytes) throws InterruptedException {
    say(bytes, false);
  }

  @Override
  public void stderr(ByteBuffer bytes) throws InterruptedException {
    say(bytes, true);
  }

  private void say(ByteBuffer bytes, boolean error) throws InterruptedException {
    ring.append(bytes);
    for (Attachment one : attached) {
      one.offer(bytes.duplicate(), error, attached.size() == 1 ? PATIENCE_ALONE : PATIENCE);
    }
    bytes.position(bytes.limit());
  }

  @Override
  public void inputWanted() {
    attached.forEach(Attachment::inputWanted);
  }

  @Override
  public void ended(ExitStatus status) {
    attached.forEach(one -> one.finish(status));
  }

  void join(Attachment one) {
    attached.add(one);
  }

  void leave(Attachment one) {
    attached.remove(one);
  }

  byte[] last(int most) {
    return ring.last(most);
  }
}

package io.lifeline.kubelet.server;

import io.lifeline.kubelet.api.StreamingProtocol;
import io.lifeline.node.api.Awaited;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The streaming protocols that are there. They come and go together with their bundle. */
final class Protocols implements Iterable<StreamingProtocol> {

  private final List<StreamingProtocol> bound = new CopyOnWriteArrayList<>();
  private long patientUntil = System.nanoTime();
  private boolean kept;

  synchronized void add(StreamingProtocol protocol) {
    bound.add(protocol);
    notifyAll();
  }

  synchronized void remove(StreamingProtocol protocol) {
    if (!kept) {
      bound.remove(protocol);
      patientUntil = System.nanoTime() + Awaited.PATIENCE.toNanos();
    }
  }

  /** Nobody is expected back. */
  synchronized void clear() {
    bound.clear();
  }

  synchronized void keep() {
    kept = true;
  }

  /** Who speaks it; waits when one has just gone, because the next may be on its way. */
  synchronized Optional<StreamingProtocol> of(HttpRequest request) {
    try {
      while (true) {
        Optional<StreamingProtocol> found =
            bound.stream().filter(protocol -> protocol.speaks(request)).findFirst();
        long millis = TimeUnit.NANOSECONDS.toMillis(patientUntil - System.nanoTime());
        if (found.isPresent() || millis <= 0) {
          return found;
        }
        wait(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  boolean isEmpty() {
    return bound.isEmpty();
  }

  List<String> names() {
    return bound.stream().map(StreamingProtocol::upgrade).sorted().toList();
  }

  @Override
  public Iterator<StreamingProtocol> iterator() {
    return bound.iterator();
  }
}

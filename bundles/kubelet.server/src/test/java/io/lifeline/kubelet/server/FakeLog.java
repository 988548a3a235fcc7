package io.lifeline.kubelet.server;

import io.lifeline.session.api.LogLine;
import io.lifeline.session.api.LogReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A main process's log that keeps all that the test says. */
final class FakeLog {

  private final List<LogLine> lines = new ArrayList<>();
  private final List<LogLine> unfinished = new ArrayList<>();
  private boolean ended;
  private int waiting;
  private long read;

  synchronized FakeLog say(String at, String line) {
    return say(new LogLine(Instant.parse(at), false, true, line.getBytes(StandardCharsets.UTF_8)));
  }

  synchronized FakeLog say(LogLine line) {
    lines.add(line);
    notifyAll();
    return this;
  }

  synchronized FakeLog begin(String text) {
    unfinished.add(new LogLine(Instant.EPOCH, false, true, text.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  synchronized void end() {
    lines.addAll(unfinished);
    unfinished.clear();
    ended = true;
    notifyAll();
  }

  /** How many wait for a line. */
  synchronized int waiting() {
    return waiting;
  }

  /** How many lines were read. */
  synchronized long read() {
    return read;
  }

  LogReader reader() {
    return new LogReader() {
      private int next;

      @Override
      public Optional<LogLine> next() {
        synchronized (FakeLog.this) {
          read += next < lines.size() ? 1 : 0;
          return next < lines.size() ? Optional.of(lines.get(next++)) : Optional.empty();
        }
      }

      @Override
      public List<LogLine> unfinished() {
        synchronized (FakeLog.this) {
          return List.copyOf(unfinished);
        }
      }

      @Override
      public boolean await() throws InterruptedException {
        synchronized (FakeLog.this) {
          waiting++;
          try {
            while (next == lines.size() && !ended) {
              FakeLog.this.wait();
            }
          } finally {
            waiting--;
          }
          return next < lines.size();
        }
      }
    };
  }
}

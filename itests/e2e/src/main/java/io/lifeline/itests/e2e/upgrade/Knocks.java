package io.lifeline.itests.e2e.upgrade;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Somebody who knocks at a door, a hundred times a second, and what is answered. One thread. */
public final class Knocks {

  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int MOST_TOLD = 10;

  private final String door;
  private final List<String> refusals = new ArrayList<>();
  private long knocks;
  private long slowest;
  private long refused;
  private long refusedSince;

  Knocks(String door) {
    this.door = door;
  }

  interface Knock {

    /** Says what was wrong with the answer; nothing if nothing was. */
    String once() throws IOException, InterruptedException;
  }

  void once(Knock knock) throws InterruptedException {
    long began = System.nanoTime();
    String why;
    try {
      why = knock.once();
    } catch (IOException e) {
      why = e.toString();
    }
    answered(began, why);
    LockSupport.parkNanos(PAUSE);
  }

  private synchronized void answered(long began, String why) {
    long now = System.nanoTime();
    knocks++;
    slowest = Math.max(slowest, now - began);
    if (why.isEmpty()) {
      refusedSince = 0;
      return;
    }
    if (refusals.size() < MOST_TOLD) {
      refusals.add(why);
    }
    if (refusedSince == 0) {
      refusedSince = began;
    }
    refused = Math.max(refused, now - refusedSince);
  }

  public String door() {
    return door;
  }

  /** The longest time in which one knock after the other was refused, milliseconds. */
  public synchronized long refusedMillis() {
    return TimeUnit.NANOSECONDS.toMillis(refused);
  }

  /** Milliseconds. */
  public synchronized long slowest() {
    return TimeUnit.NANOSECONDS.toMillis(slowest);
  }

  @Override
  public synchronized String toString() {
    return "%d knocks at %s, slowest %d ms, refused for %d ms %s"
        .formatted(knocks, door, slowest(), refusedMillis(), refusals);
  }
}

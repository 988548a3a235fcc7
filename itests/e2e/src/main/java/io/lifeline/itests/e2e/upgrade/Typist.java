package io.lifeline.itests.e2e.upgrade;

import io.lifeline.itests.testkit.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A person in a shell who never stops typing, and to whom each key must come back. */
public final class Typist implements Runnable, AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long THINKS = TimeUnit.MILLISECONDS.toNanos(15);
  private static final String KEYS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

  /**
   * An echo.
   *
   * @param at by the wall clock, milliseconds
   */
  public record Echo(long at, double millis) {}

  private final Terminal terminal;
  private final Random random;
  private final StringBuilder typed = new StringBuilder();
  private final List<Echo> echoes = new ArrayList<>();
  private final Thread thread;
  private final int begin;
  private volatile boolean stopping;
  private volatile String failure = "";

  private Typist(Terminal terminal, int number) {
    this.terminal = terminal;
    this.random = new Random(number);
    terminal.type("stty raw -echo; echo begun-$((40 + 2)); exec cat");
    terminal.expect("begun-42", PATIENCE);
    // A raw terminal ends a line with a newline alone.
    terminal.expect("\n", PATIENCE);
    this.begin = terminal.raw().length();
    this.thread = new Thread(this, "typist-" + number);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Sits down.
   *
   * @param shell opens a shell, with a prompt or without
   */
  public static Typist at(List<String> shell, int number) {
    return new Typist(Terminal.open(shell), number);
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        StringBuilder keys = new StringBuilder();
        for (int i = random.nextInt(8); i >= 0; i--) {
          keys.append(KEYS.charAt(random.nextInt(KEYS.length())));
        }
        long began = System.nanoTime();
        terminal.send(keys.toString());
        terminal.expect(keys.toString(), PATIENCE);
        typed.append(keys);
        double millis = (System.nanoTime() - began) / 1e6;
        echoed(new Echo(System.currentTimeMillis(), millis));
        LockSupport.parkNanos(THINKS);
      }
    } catch (AssertionError | RuntimeException e) {
      failure = String.valueOf(e.getMessage());
    }
  }

  private synchronized void echoed(Echo echo) {
    echoes.add(echo);
  }

  /** Stops typing; says what was wrong, if something was. */
  public Optional<String> stop() throws InterruptedException {
    stopping = true;
    thread.join(PATIENCE.toMillis());
    if (!failure.isEmpty()) {
      return Optional.of(failure);
    }
    String answered = terminal.raw().substring(begin);
    return answered.contentEquals(typed)
        ? Optional.empty()
        : Optional.of(
            "%d keys were typed, and other bytes came back: %d of them"
                .formatted(typed.length(), answered.length()));
  }

  public boolean isCut() {
    return !terminal.isOpen() || !failure.isEmpty();
  }

  public int keys() {
    return typed.length();
  }

  public synchronized List<Echo> echoes() {
    return List.copyOf(echoes);
  }

  @Override
  public void close() {
    terminal.close();
  }
}

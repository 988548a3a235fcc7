package io.lifeline.kubernetes.internal;

import io.lifeline.security.api.CertificateDates;
import io.lifeline.security.api.ClusterTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time that the API server tells with each answer, carried on by the monotonic clock, and by a
 * file over this process's end. One for all clients of a process.
 */
@Component(service = {ClusterTime.class, HeardTime.class})
public final class HeardTime implements ClusterTime {

  private static final Logger LOG = LoggerFactory.getLogger(HeardTime.class);

  /** Where the agent keeps it: on its tmpfs, set by bin/lifeline. */
  private static final String FILE = "lifeline.time";

  /** A {@code Date} has whole seconds, cut off. */
  private static final Duration AHEAD = Duration.ofSeconds(1);

  /** An answer may have been under way for long; a true one is never earlier than by that. */
  private static final Duration BEHIND = Duration.ofSeconds(30);

  /** What is told in the log, and from where it is told anew. */
  private static final Duration WORTH_TELLING = Duration.ofMinutes(1);

  /**
   * @param at by the API server's clock
   * @param nanos the same moment on the monotonic clock
   */
  private record Anchor(Instant at, long nanos) {}

  private final InstantSource machine;
  private final LongSupplier nanos;
  private final Optional<TimeFile> file;
  private volatile @Nullable Anchor anchor;
  private Duration told = Duration.ZERO;

  @Activate
  public HeardTime() {
    this(
        InstantSource.system(),
        System::nanoTime,
        Optional.ofNullable(System.getProperty(FILE)).map(path -> new TimeFile(Path.of(path))));
  }

  HeardTime(InstantSource machine, LongSupplier nanos, Optional<TimeFile> file) {
    this.machine = machine;
    this.nanos = nanos;
    this.file = file;
    file.flatMap(TimeFile::read).ifPresent(now -> anchor = new Anchor(now, nanos.getAsLong()));
    tellDifference();
  }

  @Override
  public Instant instant() {
    Anchor known = anchor;
    return known == null
        ? machine.instant()
        : known.at().plusNanos(nanos.getAsLong() - known.nanos());
  }

  @Override
  public boolean heard() {
    return anchor != null;
  }

  @Override
  public Instant machine() {
    return machine.instant();
  }

  /**
   * A server whose certificate is good says what time it is.
   *
   * @param holds whether that certificate is good at another moment, too
   */
  void hear(Instant said, Predicate<Instant> holds) {
    Instant now = instant();
    boolean agrees = heard() && !said.isAfter(now.plus(AHEAD)) && !said.isBefore(now.minus(BEHIND));
    if (!agrees && holds.test(said)) {
      set(said);
    }
    tellDifference();
  }

  private synchronized void set(Instant said) {
    anchor = new Anchor(said, nanos.getAsLong());
    file.ifPresent(keep -> keep.write(said));
  }

  private synchronized void tellDifference() {
    Instant own = machine();
    Duration off = heard() ? Duration.between(instant(), own) : Duration.ZERO;
    if (off.minus(told).abs().compareTo(WORTH_TELLING) < 0) {
      return;
    }
    told = off;
    if (off.abs().compareTo(WORTH_TELLING) < 0) {
      LOG.info("this machine's clock agrees with the API server's again");
    } else {
      LOG.warn(
          "this machine's clock is {} {} the API server's: it says {}. Lifeline goes by the API"
              + " server's; the kubelet goes by this one and may refuse good certificates. Set it,"
              + " for instance with 'chronyc makestep' or 'date -u -s'",
          CertificateDates.words(off),
          off.isNegative() ? "behind" : "ahead of",
          own);
    }
  }
}

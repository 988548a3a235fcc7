package io.lifeline.security.api;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** By which clock a server's certificate is judged, and how that is told. */
public final class CertificateDates {

  private static final int MOST_CAUSES = 20;
  private static final long HOUR = 3600;
  private static final long DAY = 24 * HOUR;

  private CertificateDates() {}

  /**
   * Judges the dates of a server's own certificate, and says at which moment the rest of its chain
   * is to be judged.
   *
   * <p>That is the cluster's time. Only a certificate that was issued after it shows that it is
   * behind: a machine that was halted and has gone on counts nothing meanwhile. Then, and never for
   * one that has ended, the machine's own clock is asked.
   *
   * @throws CertificateExpiredException when it is not good at that moment; the message is for the
   *     person on call
   */
  public static Instant judged(X509Certificate certificate, ClusterTime time)
      throws CertificateExpiredException {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    Instant now = time.instant();
    Instant machine = time.machine();
    Instant at = from.isAfter(now) && machine.isAfter(now) ? machine : now;
    if (!at.isBefore(from) && !at.isAfter(until)) {
      return at;
    }
    throw new CertificateExpiredException(
        time.heard() ? known(from, until, now, machine) : unknown(from, until, machine));
  }

  private static String known(Instant from, Instant until, Instant now, Instant machine) {
    return "its certificate is good from %s until %s, and it is %s by the API server's clock (this machine's says %s): it must be renewed, on a control plane of kubeadm's with 'kubeadm certs renew all'"
        .formatted(from, until, seconds(now), seconds(machine));
  }

  private static String unknown(Instant from, Instant until, Instant machine) {
    String off =
        machine.isBefore(from)
            ? "at least %s behind".formatted(words(Duration.between(machine, from)))
            : "perhaps %s or more ahead".formatted(words(Duration.between(until, machine)));
    return "its certificate is good from %s until %s, and this machine's clock says %s. No API server has told this agent the time since the machine started, so it cannot know which of the two is wrong. Compare 'date -u' on this machine with another's: if the clock is off (%s), set it, for instance with 'chronyc makestep' or 'date -u -s'; if it is right, the certificate must be renewed"
        .formatted(from, until, seconds(machine), off);
  }

  private static Instant seconds(Instant moment) {
    return Instant.ofEpochSecond(moment.getEpochSecond());
  }

  /**
   * A failure in a sentence: its own, and why a certificate was refused where that is behind it,
   * which a client's exceptions keep to themselves.
   */
  public static String told(Throwable failure) {
    String own = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    int depth = 0;
    for (Throwable cause = failure.getCause();
        cause != null && depth < MOST_CAUSES;
        cause = cause.getCause(), depth++) {
      String why = cause.getMessage();
      if (cause instanceof CertificateException && why != null) {
        return own.contains(why) ? own : own + " The server was not believed: " + why;
      }
    }
    return own;
  }

  /** How long that is, rounded, in the largest unit of which there are two. */
  public static String words(Duration length) {
    long seconds = length.abs().toSeconds();
    if (seconds >= 2 * DAY) {
      return (seconds + DAY / 2) / DAY + " days";
    }
    if (seconds >= 2 * HOUR) {
      return (seconds + HOUR / 2) / HOUR + " hours";
    }
    return seconds >= 120 ? (seconds + 30) / 60 + " minutes" : seconds + " seconds";
  }
}

package io.lifeline.security.delegated;

import io.lifeline.security.api.Access;
import io.lifeline.security.api.Decision;
import io.lifeline.security.api.Identity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks of one rescue, with what they remember. Any thread.
 *
 * <p>An answer is remembered whether yes or no; a failure to get one is not, and means no.
 */
final class Checks implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Checks.class);

  private record Question(Identity who, Access what) {}

  private final ClientCertificates certificates;
  private final Reviews reviews;
  private final DelegatedSettings settings;
  private final ShortCache<String, Optional<Identity>> tokens;
  private final ShortCache<Question, Decision> decisions;

  Checks(
      ClientCertificates certificates,
      Reviews reviews,
      DelegatedSettings settings,
      LongSupplier nanos) {
    this.certificates = certificates;
    this.reviews = reviews;
    this.settings = settings;
    this.tokens = new ShortCache<>(settings.entries(), nanos);
    this.decisions = new ShortCache<>(settings.entries(), nanos);
  }

  Optional<Identity> certificate(List<X509Certificate> chain) {
    return certificates.identify(chain);
  }

  Optional<Identity> token(String token) {
    String key = digest(token);
    Optional<Optional<Identity>> known = tokens.get(key);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      Optional<Identity> who = reviews.token(token);
      tokens.put(key, who, who.isPresent() ? settings.allow() : settings.deny());
      return who;
    } catch (RuntimeException e) {
      LOG.warn("A bearer token cannot be reviewed, and is refused: {}", e.toString());
      return Optional.empty();
    }
  }

  Decision decide(Identity who, Access what) {
    Question question = new Question(who, what);
    Optional<Decision> known = decisions.get(question);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      Decision decision = reviews.access(who, what);
      decisions.put(question, decision, decision.allowed() ? settings.allow() : settings.deny());
      return decision;
    } catch (RuntimeException e) {
      LOG.warn("The API server cannot be asked what {} may do: {}", who.name(), e.toString());
      return Decision.deny(
          "the API server could not be asked (SubjectAccessReview): try again; the agent's log"
              + " says why");
    }
  }

  /** Tokens are not kept in memory longer than the question takes. */
  private static String digest(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a Java without SHA-256", e);
    }
  }

  @Override
  public void close() {
    reviews.close();
  }
}

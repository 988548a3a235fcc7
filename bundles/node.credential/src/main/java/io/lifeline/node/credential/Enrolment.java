package io.lifeline.node.credential;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The agent's own key and its certificate by the project's authority.
 *
 * @param chain the agent's certificate and then the authority's, which pins the proxy
 */
record Enrolment(PrivateKey key, List<X509Certificate> chain) {

  Enrolment {
    chain = List.copyOf(chain);
    if (chain.size() < 2) {
      throw new IllegalArgumentException(
          "an enrolment needs the agent's certificate and the authority's");
    }
  }

  X509Certificate certificate() {
    return chain.get(0);
  }

  X509Certificate authority() {
    return chain.get(chain.size() - 1);
  }

  /** Renewed when two thirds of its life are over. */
  boolean wantsRenewal(Instant now) {
    Instant from = certificate().getNotBefore().toInstant();
    Duration life = Duration.between(from, certificate().getNotAfter().toInstant());
    return now.isAfter(from.plus(life.dividedBy(3).multipliedBy(2)));
  }

  @Override
  public String toString() {
    return "Enrolment[" + certificate().getSubjectX500Principal() + "]";
  }
}

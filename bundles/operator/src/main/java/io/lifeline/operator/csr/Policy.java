package io.lifeline.operator.csr;

import java.util.Optional;

/** Rules on the requests of one kind. Pure but for look-ups. */
@FunctionalInterface
public interface Policy {

  /** Empty when the request is none of this policy's. Does not look at what was decided before. */
  Optional<Ruling> rule(Request request);
}

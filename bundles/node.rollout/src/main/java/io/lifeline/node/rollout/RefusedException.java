package io.lifeline.node.rollout;

import java.io.Serial;

/** An upgrade that cannot be; the message is the sentence that the operator shows. */
final class RefusedException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}

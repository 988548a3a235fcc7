package io.lifeline.security.delegated;

import io.lifeline.security.api.Access;
import io.lifeline.security.api.Decision;
import io.lifeline.security.api.Identity;
import java.util.Optional;

/** Asks the API server. Blocks; throws when no answer comes. */
interface Reviews extends AutoCloseable {

  /** Whom a token stands for. */
  Optional<Identity> token(String token);

  /** Whether somebody may do something to the backup node. */
  Decision access(Identity who, Access what);

  @Override
  void close();
}

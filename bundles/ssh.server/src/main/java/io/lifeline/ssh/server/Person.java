package io.lifeline.ssh.server;

import io.lifeline.security.api.Identity;
import java.util.Set;
import org.apache.sshd.common.AttributeRepository.AttributeKey;

/**
 * Who has come in, and what his key allows.
 *
 * @param identity the key's or certificate's, never the login name alone
 * @param proof for the log: which key, or which certificate of which authority
 * @param certified by a certificate of a trusted authority
 */
record Person(Identity identity, String proof, boolean certified, Restrictions restrictions) {

  /** Where a connection keeps him. */
  static final AttributeKey<Person> KEY = new AttributeKey<>();

  private static final int LONGEST = 128;

  static Person of(String name, String proof, boolean certified, Restrictions restrictions) {
    return new Person(
        new Identity(name, Set.of(), Identity.Proof.SSH_KEY), proof, certified, restrictions);
  }

  /** A text from outside, fit for a log's or a table's line. */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(
            point ->
                shown.appendCodePoint(
                    Character.isISOControl(point)
                            || Character.getType(point) == Character.FORMAT
                            || Character.getType(point) == Character.SURROGATE
                        ? '?'
                        : point));
    return shown.toString();
  }
}

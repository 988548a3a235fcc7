package io.lifeline.ssh.server;

import java.net.InetAddress;
import java.security.PublicKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;

/**
 * Whether a user certificate is good here. Its authority's signature has been verified by who
 * calls.
 *
 * <p>Source: OpenSSH's PROTOCOL.certkeys. What is critical and not known here refuses it.
 */
final class CertificateRule {

  private final List<String> principals;

  /**
   * @param principals of which it must name one; empty: it must name the login
   */
  CertificateRule(List<String> principals) {
    this.principals = List.copyOf(principals);
  }

  /** Why it is not good, for the log of the agent alone; or who it is. */
  sealed interface Verdict {

    record Good(Person person) implements Verdict {}

    record Bad(String why) implements Verdict {}
  }

  Verdict judge(
      OpenSshCertificate certificate,
      PublicKeyAuth.Life life,
      String login,
      InetAddress from,
      Collection<PublicKey> authorities,
      Today.Time now) {
    PublicKey authority = certificate.getCaPubKey();
    if (authorities.stream().noneMatch(key -> KeyUtils.compareKeys(key, authority))) {
      return bad("its authority %s is not trusted", AuthorizedKey.fingerprint(authority));
    }
    if (certificate.getType() != OpenSshCertificate.Type.USER) {
      return bad("it is not a user's certificate");
    }
    if (!life.includes(now.at().getEpochSecond())) {
      return bad(
          "it is valid from %s to %s (seconds since 1970), and %s says %d",
          Long.toUnsignedString(life.after()),
          Long.toUnsignedString(life.before()),
          now.clock(),
          now.at().getEpochSecond());
    }
    Optional<String> principal = principal(certificate, login);
    if (principal.isEmpty()) {
      return bad("it does not name %s", principals.isEmpty() ? login : "one of " + principals);
    }
    try {
      AuthorizedKey.refuseWeak(certificate.getCertPubKey());
      Restrictions restrictions = restrictions(certificate);
      if (!restrictions.allowsFrom(from)) {
        return bad("it may not come from %s", from.getHostAddress());
      }
      return new Verdict.Good(person(certificate, principal.get(), restrictions));
    } catch (IllegalArgumentException e) {
      return bad("%s", String.valueOf(e.getMessage()));
    }
  }

  /** A certificate without principals is one for everybody, and that is for nobody here. */
  private Optional<String> principal(OpenSshCertificate certificate, String login) {
    Collection<String> named = certificate.getPrincipals();
    return principals.isEmpty()
        ? Optional.of(login).filter(named::contains)
        : principals.stream().filter(named::contains).findFirst();
  }

  private static Restrictions restrictions(OpenSshCertificate certificate) {
    Optional<String> command = Optional.empty();
    List<Restrictions.Source> sources = List.of();
    for (Map.Entry<String, String> option : certificate.getCriticalOptionsMap().entrySet()) {
      switch (option.getKey()) {
        case "force-command" -> command = Optional.of(option.getValue());
        case "source-address" -> sources = Restrictions.sources(option.getValue());
        default ->
            throw new IllegalArgumentException(
                "its critical option '%s' is not known here"
                    .formatted(Person.printable(option.getKey())));
      }
    }
    return new Restrictions(
        command, sources, certificate.getExtensionsMap().containsKey("permit-pty"));
  }

  private static Person person(
      OpenSshCertificate certificate, String principal, Restrictions restrictions) {
    return Person.of(
        "%s (certificate \"%s\")"
            .formatted(Person.printable(principal), Person.printable(certificate.getId())),
        "certificate \"%s\" serial %s of the authority %s"
            .formatted(
                Person.printable(certificate.getId()),
                Long.toUnsignedString(certificate.getSerial()),
                AuthorizedKey.fingerprint(certificate.getCaPubKey())),
        true,
        restrictions);
  }

  private static Verdict bad(String why, Object... arguments) {
    return new Verdict.Bad(why.formatted(arguments));
  }
}

package io.lifeline.ssh.server;

import io.lifeline.ssh.server.CertificateRule.Verdict;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may come in: by a key of {@code authorized_keys}, or by a certificate of a trusted authority.
 * The answer to whoever may not is the same, whatever is wrong. Any thread.
 */
final class Admission implements PublickeyAuthenticator {

  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  private final KeyFiles<AuthorizedKey> authorized;
  private final KeyFiles<PublicKey> authorities;
  private final List<String> users;
  private final CertificateRule rule;
  private final Supplier<Today.Time> today;
  private final BooleanSupplier certificatesOnly;

  /**
   * @param today what time it is, for what ends
   * @param certificatesOnly whether no key of {@code authorized_keys} is taken now
   */
  Admission(SshSettings.Keys keys, Supplier<Today.Time> today, BooleanSupplier certificatesOnly) {
    this.authorized = new KeyFiles<>(keys.authorized(), AuthorizedKey::parse);
    this.authorities = new KeyFiles<>(keys.authorities(), line -> AuthorizedKey.parse(line).key());
    this.users = keys.users();
    this.rule = new CertificateRule(keys.principals());
    this.today = today;
    this.certificatesOnly = certificatesOnly;
  }

  /** Reads the files now, so that what is wrong with them is told before somebody comes. */
  int usable() {
    return authorized.lines().size() + authorities.lines().size();
  }

  @Override
  public boolean authenticate(String login, PublicKey key, ServerSession session) {
    InetAddress from = ((InetSocketAddress) session.getClientAddress()).getAddress();
    Verdict verdict = judge(login, key, from, session);
    if (verdict instanceof Verdict.Good good) {
      session.setAttribute(Person.KEY, good.person());
      return true;
    }
    session.removeAttribute(Person.KEY);
    LOG.info(
        "SSH: {} from {} with {} is refused: {}",
        Person.printable(login),
        from.getHostAddress(),
        described(key),
        ((Verdict.Bad) verdict).why());
    return false;
  }

  private Verdict judge(String login, PublicKey key, InetAddress from, ServerSession session) {
    // Both ways are always gone to their end: how long it takes tells nothing of a login.
    Verdict verdict =
        key instanceof OpenSshCertificate certificate
            ? rule.judge(
                certificate,
                PublicKeyAuth.Life.of(certificate, session),
                login,
                from,
                authorities.lines(),
                today.get())
            : byKey(key, from);
    return users.isEmpty() || users.contains(login)
        ? verdict
        : new Verdict.Bad("this login is not one of 'users'");
  }

  private Verdict byKey(PublicKey key, InetAddress from) {
    if (certificatesOnly.getAsBoolean()) {
      return new Verdict.Bad("only certificates are taken while the API server is unreachable");
    }
    for (AuthorizedKey line : authorized.lines()) {
      if (KeyUtils.compareKeys(line.key(), key)) {
        return byLine(line, from);
      }
    }
    return new Verdict.Bad("the key is not in authorized_keys");
  }

  private Verdict byLine(AuthorizedKey line, InetAddress from) {
    if (line.ends().isPresent() && line.ends().get().isBefore(today.get().at())) {
      return new Verdict.Bad("its line has expired");
    }
    if (!line.restrictions().allowsFrom(from)) {
      return new Verdict.Bad("its line does not allow this address");
    }
    String fingerprint = AuthorizedKey.fingerprint(line.key());
    String comment = Person.printable(line.comment());
    return new Verdict.Good(
        Person.of(
            comment.isBlank() ? fingerprint : "%s (%s)".formatted(comment, fingerprint),
            "key " + fingerprint,
            false,
            line.restrictions()));
  }

  private static String described(PublicKey key) {
    return key instanceof OpenSshCertificate certificate
        ? "the certificate \"%s\"".formatted(Person.printable(certificate.getId()))
        : "the key " + AuthorizedKey.fingerprint(key);
  }
}

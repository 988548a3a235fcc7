package io.lifeline.security.delegated;

import io.lifeline.security.api.Identity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** Reads user and groups from a certificate's subject. */
final class SubjectNames {

  private SubjectNames() {}

  /** Empty for a subject with no common name, or several: whose of them would it be? */
  static Optional<Identity> identity(X500Principal subject) {
    List<String> names = new ArrayList<>();
    Set<String> groups = new HashSet<>();
    try {
      for (Rdn rdn : new LdapName(subject.getName(X500Principal.RFC2253)).getRdns()) {
        var attributes = rdn.toAttributes().getAll();
        while (attributes.hasMore()) {
          read(attributes.next(), names, groups);
        }
      }
    } catch (NamingException e) {
      return Optional.empty();
    }
    return names.size() == 1 && !names.get(0).isBlank()
        ? Optional.of(new Identity(names.get(0), groups, Identity.Proof.CLIENT_CERTIFICATE))
        : Optional.empty();
  }

  private static void read(Attribute attribute, List<String> names, Set<String> groups)
      throws NamingException {
    String type = attribute.getID().toUpperCase(Locale.ROOT);
    for (int i = 0; i < attribute.size(); i++) {
      if (attribute.get(i) instanceof String value) {
        if (type.equals("CN")) {
          names.add(value);
        } else if (type.equals("O")) {
          groups.add(value);
        }
      }
    }
  }
}

package io.lifeline.proxy;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The agent of a worker, as its certificate says; TLS has verified that the project's authority
 * signed it.
 */
record Agent(String worker) {

  private static final String NAME = "lifeline:agent:";

  /** Empty when the certificate is not one of an agent. */
  static Optional<Agent> of(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    List<String> organizations = new ArrayList<>();
    try {
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          names.add(rdn.getValue().toString());
        } else if (rdn.getType().equalsIgnoreCase("O")) {
          organizations.add(rdn.getValue().toString());
        }
      }
    } catch (InvalidNameException e) {
      return Optional.empty();
    }
    return names.size() == 1
            && names.get(0).startsWith(NAME)
            && organizations.equals(List.of("lifeline:agents"))
        ? Optional.of(new Agent(names.get(0).substring(NAME.length())))
        : Optional.empty();
  }
}

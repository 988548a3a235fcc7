package io.lifeline.security.api;

import java.util.List;

/**
 * What a certificate is about.
 *
 * @param commonName the CN
 * @param organizations the O values: Kubernetes reads them as groups
 * @param dnsNames subject alternative DNS names
 * @param addresses subject alternative IP addresses, in text
 */
public record CertificateSubject(
    String commonName, List<String> organizations, List<String> dnsNames, List<String> addresses) {

  public CertificateSubject {
    organizations = List.copyOf(organizations);
    dnsNames = List.copyOf(dnsNames);
    addresses = List.copyOf(addresses);
  }

  /** A client's subject: a name and its groups. */
  public static CertificateSubject client(String commonName, String... organizations) {
    return new CertificateSubject(commonName, List.of(organizations), List.of(), List.of());
  }
}

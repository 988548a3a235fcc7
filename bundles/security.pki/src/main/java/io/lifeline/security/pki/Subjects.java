package io.lifeline.security.pki;

import io.lifeline.security.api.CertificateSubject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * {@link CertificateSubject} to ASN.1 and back. Reading is strict: what a CertificateSubject cannot
 * say is refused, so that whoever decides by it has seen all there is.
 */
final class Subjects {

  /** Extensions that ask for nothing a decision would have to see. */
  private static final Set<ASN1ObjectIdentifier> HARMLESS =
      Set.of(Extension.keyUsage, Extension.extendedKeyUsage, Extension.subjectKeyIdentifier);

  private Subjects() {}

  /** The organizations first, then the common name, as Kubernetes' own requests have them. */
  static X500Name name(CertificateSubject subject) {
    X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
    subject.organizations().forEach(o -> builder.addRDN(BCStyle.O, o));
    return builder.addRDN(BCStyle.CN, subject.commonName()).build();
  }

  static GeneralNames alternativeNames(CertificateSubject subject) {
    List<GeneralName> names = new ArrayList<>();
    subject.dnsNames().forEach(dns -> names.add(new GeneralName(GeneralName.dNSName, dns)));
    subject.addresses().forEach(ip -> names.add(new GeneralName(GeneralName.iPAddress, ip)));
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  static CertificateSubject read(X500Name name, Optional<Extensions> extensions)
      throws GeneralSecurityException {
    List<String> commonNames = new ArrayList<>();
    List<String> organizations = new ArrayList<>();
    for (RDN rdn : name.getRDNs()) {
      for (AttributeTypeAndValue part : rdn.getTypesAndValues()) {
        String value = IETFUtils.valueToString(part.getValue());
        if (part.getType().equals(BCStyle.CN)) {
          commonNames.add(value);
        } else if (part.getType().equals(BCStyle.O)) {
          organizations.add(value);
        } else {
          throw new GeneralSecurityException(
              "the request's subject has more than CN and O: " + part.getType());
        }
      }
    }
    if (commonNames.size() != 1) {
      throw new GeneralSecurityException(
          "the request's subject must have one CN; it has " + commonNames.size());
    }
    List<String> dnsNames = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    if (extensions.isPresent()) {
      readExtensions(extensions.get(), dnsNames, addresses);
    }
    return new CertificateSubject(commonNames.get(0), organizations, dnsNames, addresses);
  }

  private static void readExtensions(
      Extensions extensions, List<String> dnsNames, List<String> addresses)
      throws GeneralSecurityException {
    for (ASN1ObjectIdentifier oid : extensions.getExtensionOIDs()) {
      if (oid.equals(Extension.subjectAlternativeName)) {
        readNames(GeneralNames.fromExtensions(extensions, oid), dnsNames, addresses);
      } else if (oid.equals(Extension.basicConstraints)) {
        if (BasicConstraints.fromExtensions(extensions).isCA()) {
          throw new GeneralSecurityException("the request asks to be an authority");
        }
      } else if (!HARMLESS.contains(oid)) {
        throw new GeneralSecurityException("the request asks for an extension: " + oid);
      }
    }
  }

  private static void readNames(GeneralNames names, List<String> dnsNames, List<String> addresses)
      throws GeneralSecurityException {
    for (GeneralName name : names.getNames()) {
      switch (name.getTagNo()) {
        case GeneralName.dNSName -> dnsNames.add(name.getName().toString());
        case GeneralName.iPAddress ->
            addresses.add(address(ASN1OctetString.getInstance(name.getName()).getOctets()));
        default ->
            throw new GeneralSecurityException(
                "the request asks for a name that is neither DNS nor IP: " + name);
      }
    }
  }

  private static String address(byte[] octets) throws GeneralSecurityException {
    try {
      return InetAddress.getByAddress(octets).getHostAddress();
    } catch (UnknownHostException e) {
      throw new GeneralSecurityException(
          "the request has an address of %d octets".formatted(octets.length), e);
    }
  }
}

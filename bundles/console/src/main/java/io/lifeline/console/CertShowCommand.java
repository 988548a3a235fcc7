package io.lifeline.console;

import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueCredentials;
import java.io.ByteArrayInputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code cert:show}: the backup node's certificate, and how long it is still good. */
@Service
@Command(
    scope = "cert",
    name = "show",
    description =
        "The backup node's certificate, and how long it is still good. Example: cert:show -o json")
public final class CertShowCommand extends Shown {

  private static final int NAME = 12;

  @Reference(optional = true)
  @Nullable RescueCredentials credentials;

  @Override
  void show(PrintStream out) throws CertificateException {
    facts().forEach((name, value) -> Table.facts(out, NAME, name, value.toString()));
  }

  @Override
  Object json() throws CertificateException {
    return facts();
  }

  private Map<String, Object> facts() throws CertificateException {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("armed", credentials().unarmed().map(what -> "no: " + what).orElse("yes"));
    Optional<NodeCredential> kept = credentials().kept();
    if (kept.isEmpty()) {
      facts.put("certificate", "none: no rescue has been approved, or its certificate has ended");
      return facts;
    }
    facts.put("left", Table.words(kept.get().left()));
    facts.put("server", kept.get().access().server().toString());
    Optional<String> pem = kept.get().access().clientCertificate();
    if (pem.isPresent()) {
      X509Certificate certificate = parsed(pem.get());
      facts.put("subject", certificate.getSubjectX500Principal().getName());
      facts.put("issuer", certificate.getIssuerX500Principal().getName());
      facts.put("serial", certificate.getSerialNumber().toString(16));
      facts.put("from", certificate.getNotBefore().toInstant().truncatedTo(ChronoUnit.SECONDS));
      facts.put("until", certificate.getNotAfter().toInstant().truncatedTo(ChronoUnit.SECONDS));
    }
    return facts;
  }

  private static X509Certificate parsed(String pem) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  private RescueCredentials credentials() {
    return Wanted.of(credentials, RescueCredentials.class);
  }
}

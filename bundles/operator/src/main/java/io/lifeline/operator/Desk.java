package io.lifeline.operator;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.NodeDebugDesk;
import io.lifeline.operator.csr.Request;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a person at the operator's console sees and decides, through one client. */
final class Desk implements NodeDebugDesk {

  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

  private final KubernetesClient client;
  private final Clock clock;

  Desk(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public List<NodeDebug> list() {
    return client.resources(NodeDebug.class).list().getItems().stream()
        .sorted(Comparator.comparing((NodeDebug each) -> each.getMetadata().getName()))
        .toList();
  }

  @Override
  public String approve(String name, String person) {
    NodeDebug wish = client.resources(NodeDebug.class).withName(name).get();
    if (wish == null) {
      throw new IllegalStateException(
          "there is no NodeDebug '%s': nodedebug:list shows them".formatted(name));
    }
    String asked = wish.story().csrName();
    // The status names a request only when it is this worker's and its policies let it wait.
    if (asked == null || wish.story().approveCommand() == null) {
      throw new IllegalStateException(
          "no certificate request of %s waits for anybody; it is %s"
              .formatted(name, wish.story().phase()));
    }
    CertificateSigningRequest found =
        client.certificates().v1().certificateSigningRequests().withName(asked).get();
    if (found == null
        || new Request(found).state() != Request.State.PENDING
        || !new Request(found).signer().equals(Request.NODE_CLIENT)) {
      throw new IllegalStateException(
          "the certificate request %s does not wait any more".formatted(asked));
    }
    String now = clock.instant().toString();
    client
        .certificates()
        .v1()
        .certificateSigningRequests()
        .withName(asked)
        .approve(
            new CertificateSigningRequestConditionBuilder()
                .withType("Approved")
                .withStatus("True")
                .withReason("LifelineConsole")
                .withMessage("Approved at the operator's console by '%s'.".formatted(person))
                .withLastUpdateTime(now)
                .withLastTransitionTime(now)
                .build());
    LOG.warn("{} of the NodeDebug {} was approved at the console by '{}'", asked, name, person);
    return asked;
  }
}

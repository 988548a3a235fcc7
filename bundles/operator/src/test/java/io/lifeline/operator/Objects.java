package io.lifeline.operator;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.NodeDebugSpec;
import io.lifeline.operator.csr.Request;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.pki.BouncyCastlePki;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** Objects for tests. */
public final class Objects {

  public static final BouncyCastlePki PKI =
      new BouncyCastlePki(io.lifeline.security.api.ClusterTime.ofMachine());

  private Objects() {}

  public static NodeDebug nodeDebug(String name, String worker) {
    NodeDebug nd = new NodeDebug();
    nd.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withUid("uid-" + name)
            .withGeneration(1L)
            .withCreationTimestamp("2026-01-01T00:00:00Z")
            .build());
    nd.setSpec(new NodeDebugSpec(worker, null));
    nd.setStatus(null);
    return nd;
  }

  public static NodeDebug deleting(NodeDebug nd) {
    // In this order: nothing is added to what is being deleted.
    nd.addFinalizer(NodeDebug.FINALIZER);
    nd.getMetadata().setDeletionTimestamp("2026-01-01T01:00:00Z");
    return nd;
  }

  /** A Node with this Ready condition and the address 10.0.0.12. */
  public static Node node(String name, String ready, String reason) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .withResourceVersion("7")
        .withCreationTimestamp("2026-01-01T00:10:00Z")
        .endMetadata()
        .withNewStatus()
        .addNewAddress()
        .withType("InternalIP")
        .withAddress("10.0.0.12")
        .endAddress()
        .addNewAddress()
        .withType("Hostname")
        .withAddress("host2")
        .endAddress()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .withReason(reason)
        .withMessage("because of " + reason)
        .endCondition()
        .endStatus()
        .build();
  }

  public static Node backup(String worker, String ready, String reason) {
    return new NodeBuilder(node(NodeDebug.backupNode(worker), ready, reason))
        .editMetadata()
        .addToLabels(NodeDebug.BACKUP_OF, worker)
        .endMetadata()
        .build();
  }

  public static Pod runningPod(String name, String node) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .endStatus()
        .build();
  }

  /** A certificate request; {@code pem} is a PKCS#10 request. */
  public static CertificateSigningRequestBuilder request(
      String name, String user, String signer, String pem, Set<String> usages) {
    return new CertificateSigningRequestBuilder()
        .withNewMetadata()
        .withName(name)
        .withCreationTimestamp("2026-01-01T00:05:00Z")
        .endMetadata()
        .withNewSpec()
        .withUsername(user)
        .withGroups("system:nodes", "system:authenticated")
        .withSignerName(signer)
        .withRequest(base64(pem))
        .withUsages(List.copyOf(usages))
        .withExpirationSeconds(3600)
        .endSpec()
        .withNewStatus()
        .endStatus();
  }

  public static Request decided(CertificateSigningRequestBuilder builder, String how) {
    return new Request(
        builder
            .editStatus()
            .addNewCondition()
            .withType(how)
            .withStatus("True")
            .withMessage("somebody said so")
            .endCondition()
            .endStatus()
            .build());
  }

  public static String pem(CertificateSubject subject) {
    return PKI.request(PKI.newKey(), subject);
  }

  public static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}

package io.lifeline.node.api;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** Gets the certificate that the kubelet API shows to the API server. */
public interface ServingCertificates {

  /**
   * @param key its key
   * @param chain leaf first
   * @param clusterSigned whether the cluster's signer issued it; an API server that verifies
   *     kubelets refuses one that it did not
   */
  record ServingCertificate(PrivateKey key, List<X509Certificate> chain, boolean clusterSigned) {
    public ServingCertificate {
      chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
      return "ServingCertificate[" + chain.get(0).getSubjectX500Principal() + "]";
    }
  }

  /**
   * Requests a {@code kubernetes.io/kubelet-serving} certificate for the worker's address and waits
   * for it, at most ten seconds; then makes one that only API servers without {@code
   * --kubelet-certificate-authority} take.
   */
  ServingCertificate serving(NodeCredential credential) throws InterruptedException;
}

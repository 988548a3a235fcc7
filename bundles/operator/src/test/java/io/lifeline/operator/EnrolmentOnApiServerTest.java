package io.lifeline.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.operator.csr.Request;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.Pem;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Who is enrolled as an agent, and when. */
@EnabledIfEnvironmentVariable(named = ApiServerUnderTest.KUBECONFIG, matches = ".+")
class EnrolmentOnApiServerTest extends OnApiServer {

  @Test
  void anAgentIsEnrolledWhileItsWorkerIsReadyAndOnlyForIt() throws Exception {
    CertificateSubject w1 = CertificateSubject.client("lifeline:agent:w1", "lifeline:agents");
    CertificateSubject w2 = CertificateSubject.client("lifeline:agent:w2", "lifeline:agents");
    try (KubernetesClient kubelet1 = api.as("system:node:w1", "system:nodes");
        KubernetesClient kubelet2 = api.as("system:node:w2", "system:nodes")) {
      String first = asked(kubelet1, Request.ENROLMENT, w1, CLIENT);
      api.until("it is signed", () -> api.request(first).certificate().isPresent());
      String pem =
          new String(
              Base64.getDecoder().decode(api.request(first).csr().getStatus().getCertificate()),
              StandardCharsets.US_ASCII);
      List<X509Certificate> chain = Pem.certificates(pem);
      assertThat(chain).hasSize(2);
      chain.get(0).verify(chain.get(1).getPublicKey());
      assertThat(chain.get(0).getSubjectX500Principal().getName())
          .isEqualTo("CN=lifeline:agent:w1,O=lifeline:agents");

      assertThat(denial(asked(kubelet1, Request.ENROLMENT, w2, CLIENT))).contains("may enrol as");
      String waiting = asked(kubelet2, Request.ENROLMENT, w2, CLIENT);
      String marker = asked(kubelet2, Request.ENROLMENT, w1, CLIENT);
      denial(marker);
      assertThat(api.request(waiting).state()).isEqualTo(Request.State.PENDING);
      api.node("w2", "True");
      api.until("it is signed", () -> api.request(waiting).certificate().isPresent());
    }
  }
}

package io.lifeline.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.security.api.ApiAccess;

/** Builds clients; nothing else does. Whoever asks for a client closes it. Any thread. */
public interface KubernetesClients {

  /**
   * As this process itself: {@code KUBECONFIG} where it is set, else the pod's service account.
   * With neither it throws {@link IllegalStateException} and says what to set.
   */
  KubernetesClient ambient();

  /** As whoever the access names; talks to that server only and reads no file. */
  KubernetesClient connect(ApiAccess access);
}

package io.lifeline.kubernetes.internal;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.util.List;

/**
 * fabric8's reading and writing of resources, without its search for every model on the class path:
 * that finds nothing in a bundle and elsewhere loads a thousand classes.
 */
final class Mappers {

  /** What is watched: a watch reads these at once, and anything else by a detour. */
  private static final List<Class<? extends KubernetesResource>> WATCHED =
      List.of(
          Status.class,
          Node.class,
          Pod.class,
          Secret.class,
          Lease.class,
          CertificateSigningRequest.class);

  /** One for all, because what it learns of each class is large. Safe for any thread. */
  private static final KubernetesSerialization SHARED = create();

  private Mappers() {}

  static KubernetesSerialization shared() {
    return SHARED;
  }

  private static KubernetesSerialization create() {
    KubernetesSerialization serialization = new KubernetesSerialization(new ObjectMapper(), false);
    WATCHED.forEach(serialization::registerKubernetesResource);
    return serialization;
  }

  /** One resource from YAML or JSON. */
  static <T> T read(String text, Class<T> type) throws IOException {
    T value;
    try {
      value = SHARED.unmarshal(text, type);
    } catch (RuntimeException e) {
      // Its message quotes the text, and the text holds keys.
      throw new IOException("this is no YAML that can be read as " + type.getSimpleName());
    }
    if (value == null) {
      throw new IOException("an empty text where %s was expected".formatted(type.getSimpleName()));
    }
    return value;
  }
}

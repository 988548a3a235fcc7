package io.lifeline.security.delegated;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.lifeline.security.api.Access;
import io.lifeline.security.api.Decision;
import io.lifeline.security.api.Identity;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * TokenReview and SubjectAccessReview as the backup node itself: {@code system:node} may create
 * both.
 */
final class ApiServerReviews implements Reviews {

  private final KubernetesClient client;
  private final KubernetesClient impatient;
  private final String node;

  /**
   * @param client as the backup node; closed with this
   * @param timeout how long one answer may take; nothing is tried twice, the caller asks again
   */
  ApiServerReviews(KubernetesClient client, String node, Duration timeout) {
    this.client = client;
    this.node = node;
    this.impatient =
        client
            .newClient(
                new RequestConfigBuilder()
                    .withRequestTimeout((int) timeout.toMillis())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .adapt(KubernetesClient.class);
  }

  @Override
  public Optional<Identity> token(String token) {
    TokenReview review =
        impatient
            .tokenReviews()
            .create(new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build());
    TokenReviewStatus status = review.getStatus();
    if (status == null
        || !Boolean.TRUE.equals(status.getAuthenticated())
        || status.getUser() == null
        || status.getUser().getUsername() == null
        || status.getUser().getUsername().isBlank()) {
      return Optional.empty();
    }
    return Optional.of(
        new Identity(
            status.getUser().getUsername(),
            Set.copyOf(status.getUser().getGroups()),
            Identity.Proof.TOKEN_REVIEW));
  }

  @Override
  public Decision access(Identity who, Access what) {
    SubjectAccessReview review =
        impatient
            .authorization()
            .v1()
            .subjectAccessReview()
            .create(
                new SubjectAccessReviewBuilder()
                    .withNewSpec()
                    .withUser(who.name())
                    .withGroups(who.groups().stream().sorted().toList())
                    .withNewResourceAttributes()
                    .withVerb(what.verb())
                    .withVersion("v1")
                    .withResource("nodes")
                    .withSubresource(what.subresource())
                    .withName(node)
                    .endResourceAttributes()
                    .endSpec()
                    .build());
    SubjectAccessReviewStatus status = review.getStatus();
    if (status == null) {
      return Decision.deny("the API server gave no answer");
    }
    String reason = status.getReason() == null ? "" : status.getReason();
    return Boolean.TRUE.equals(status.getAllowed()) && !Boolean.TRUE.equals(status.getDenied())
        ? Decision.allow(reason)
        : Decision.deny(reason.isBlank() ? "the API server does not allow it" : reason);
  }

  @Override
  public void close() {
    client.close();
  }
}

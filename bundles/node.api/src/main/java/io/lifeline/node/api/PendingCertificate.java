package io.lifeline.node.api;

/**
 * A CertificateSigningRequest that waits for a person.
 *
 * @param name its name in the cluster, for {@code kubectl certificate approve}
 */
public record PendingCertificate(String name) {}

/**
 * The agent's own key, and the way to the backup node's certificate.
 *
 * <p>While the worker is Ready: {@link io.lifeline.node.credential.Arming} pins what must be
 * trusted later and has a key of its own enrolled. When it is not: {@link
 * io.lifeline.node.credential.ProxyClient} asks for the bootstrap kubeconfig, {@link
 * io.lifeline.node.credential.CertificateRequests} requests the certificate. All that is kept is in
 * {@link io.lifeline.node.credential.Vault}, on the agent's tmpfs.
 */
package io.lifeline.node.credential;

package io.lifeline.kubelet.server;

/**
 * A container as a route names it.
 *
 * @param uid blank where the route has none
 * @param container blank for a port-forward
 */
record PodPath(String namespace, String pod, String uid, String container) {}

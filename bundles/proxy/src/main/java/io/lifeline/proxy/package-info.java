/**
 * The debug proxy: hands the bootstrap kubeconfig to the agent of the worker that a NodeDebug names
 * while that worker is not Ready, and to nobody else.
 *
 * <p>JAX-RS on CXF with Jetty, TLS with client certificates of the project's authority. {@link
 * io.lifeline.proxy.BootstrapDecision} decides; the rest carries.
 */
package io.lifeline.proxy;

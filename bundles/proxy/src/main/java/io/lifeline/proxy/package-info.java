/**
 * The JAX-RS endpoint that hands the bootstrap kubeconfig to the broken worker and to nobody else.
 */
package io.lifeline.proxy;

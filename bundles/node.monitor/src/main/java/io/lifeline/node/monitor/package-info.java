/**
 * Is my worker Ready: what the API says, and what the machine says.
 *
 * <p>One thread asks the machine at a fixed pace, each question with a time limit; one watch,
 * through the kubelet's own kubeconfig, tells what the API server thinks. {@link
 * io.lifeline.node.monitor.Hysteresis} makes one slow verdict of the quick signals.
 */
package io.lifeline.node.monitor;

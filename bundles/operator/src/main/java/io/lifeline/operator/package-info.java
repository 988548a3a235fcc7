/**
 * The debug operator: one leader that makes the cluster agree with its NodeDebugs.
 *
 * <p>One pass: read everything afresh, rule on certificate requests, keep the bootstrap Secret and
 * the proxy, then each NodeDebug in the order gone, deleting, valid, ensure, status. A pass changes
 * nothing that is right already, so it can be killed at any line and begun again. Watches only wake
 * it; what they say is not believed.
 */
package io.lifeline.operator;

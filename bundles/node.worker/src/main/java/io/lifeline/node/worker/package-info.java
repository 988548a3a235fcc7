/**
 * Which worker this agent is for.
 *
 * <p>Name, address, port, root and tmpfs are configured once, here, and read everywhere else
 * through {@link io.lifeline.node.api.Worker}.
 */
package io.lifeline.node.worker;

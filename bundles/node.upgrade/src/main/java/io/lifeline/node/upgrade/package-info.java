/**
 * Replaces the agent's implementation bundles while people work through it.
 *
 * <p>No part of it needs Karaf: the framework and the component runtime are asked themselves.
 */
package io.lifeline.node.upgrade;

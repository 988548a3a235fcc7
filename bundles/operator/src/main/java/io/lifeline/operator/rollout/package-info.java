/** The version of all agents, rolled over the nodes some at a time. */
package io.lifeline.operator.rollout;

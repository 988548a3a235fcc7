/**
 * What the cluster asks of this agent, by annotations of its worker's Node: a release is fetched,
 * checked and put in the place of what runs. Idle it has no thread and asks nothing.
 */
package io.lifeline.node.rollout;

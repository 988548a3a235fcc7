/** Which worker this agent is for: its name, address, root and the agent's tmpfs. */
package io.lifeline.node.worker;

/** Upgrades of a running agent under load: what asks the agent for them, and what loads it. */
package io.lifeline.itests.e2e.upgrade;

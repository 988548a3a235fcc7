/** The state machine that owns the order of a rescue. */
package io.lifeline.node.rescue;

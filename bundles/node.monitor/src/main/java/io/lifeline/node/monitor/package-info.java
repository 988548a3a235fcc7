/** Is my worker Ready: what the API says and what the machine says. */
package io.lifeline.node.monitor;

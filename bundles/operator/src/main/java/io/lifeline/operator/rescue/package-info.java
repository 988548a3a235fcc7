/** One NodeDebug's rescue as the cluster shows it: its story, and its end. */
package io.lifeline.operator.rescue;

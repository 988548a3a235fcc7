/** Reconcilers: NodeDebug, proxy deployment, credentials, CSR policy, deregistration. */
package io.lifeline.operator;

/**
 * Certificate requests: which of them the operator decides, and how.
 *
 * <p>It approves enrolments and the backup node's serving certificate. It never approves the backup
 * node's client certificate: a person does. Everything else that a bootstrap identity or a backup
 * node asks for is denied.
 */
package io.lifeline.operator.csr;

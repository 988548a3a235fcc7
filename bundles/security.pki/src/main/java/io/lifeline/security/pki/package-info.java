/** Keys, certificate requests and the project's own authority, on BouncyCastle. */
package io.lifeline.security.pki;

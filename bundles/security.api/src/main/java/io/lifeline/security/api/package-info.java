/**
 * Who is calling, may they, and which certificate do we show.
 *
 * <p>The answer of an absent or failing checker is always no.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package io.lifeline.security.api;

/**
 * The only place that builds Kubernetes clients, and the fabric8 client as one bundle.
 *
 * <p>A shared library, not a swappable room: what imports the client's types is wired to this
 * bundle.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.lifeline.kubernetes;

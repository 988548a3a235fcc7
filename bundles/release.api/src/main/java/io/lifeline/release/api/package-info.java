/**
 * A release of the agent: its implementation bundles with a {@code SHA256SUMS} beside them, and
 * where the cluster's side keeps releases.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.lifeline.release.api;

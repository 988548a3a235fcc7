/**
 * How the kubelet API's server hands an upgraded connection to a streaming protocol.
 *
 * <p>The one contract with Netty types in it: both sides share a pipeline, not a copy of the bytes.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.lifeline.kubelet.api;

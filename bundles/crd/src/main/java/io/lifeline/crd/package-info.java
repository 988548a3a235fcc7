/**
 * NodeDebug: what somebody asks for, and the story of what became of it.
 *
 * <p>{@code container/manifests/10-crd.yaml} is generated from these classes; {@code CrdYamlTest}
 * says when it has to be written anew.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.lifeline.crd;

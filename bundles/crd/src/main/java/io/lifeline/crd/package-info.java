/**
 * NodeDebug: what somebody asks for, and the story of what became of it. LifelineConfig: the
 * version of all agents, and how far it is.
 *
 * <p>{@code container/manifests/10-crd.yaml} is generated from these classes; {@code CrdYamlTest}
 * says when it has to be written anew.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package io.lifeline.crd;

/**
 * A worker's health, the phases of its rescue, and the seams that {@code node.rescue} drives.
 *
 * <p>Figures 7A and 7B of the system's description are the source: {@link
 * io.lifeline.node.api.RescuePhase} is figure 7A as an enum with a pure {@code next}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.4.0")
package io.lifeline.node.api;

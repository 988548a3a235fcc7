/**
 * Owns the order of a rescue: one thread, one enum, one story.
 *
 * <p>{@link io.lifeline.node.rescue.RescueOwner} applies {@link
 * io.lifeline.node.api.RescuePhase#next} and does what the phase asks for; it knows {@link
 * io.lifeline.node.api.RescueCredentials} and {@link io.lifeline.node.api.RescueParticipant}, and
 * nothing of Kubernetes.
 */
package io.lifeline.node.rescue;

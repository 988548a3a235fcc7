/**
 * The one debug pod; figure 7B.
 *
 * <p>{@link io.lifeline.debugpod.PodChecks} says what is wrong with a pod, all of it at once.
 * {@link io.lifeline.debugpod.PodDesk} decides, on one thread, which pod runs. What is refused
 * stays Pending and says why: a pod marked Failed would be made again at once by its controller,
 * for ever.
 */
package io.lifeline.debugpod;

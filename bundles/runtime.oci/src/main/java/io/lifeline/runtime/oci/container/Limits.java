package io.lifeline.runtime.oci.container;

import java.time.Duration;

/**
 * How long and how large.
 *
 * @param start how long the start of a process may take
 * @param closeGrace how long a process may live on after its client has gone
 * @param scratchMebibytes how large a container's {@code /tmp} and {@code /run} may each become
 */
public record Limits(Duration start, Duration closeGrace, int scratchMebibytes) {}

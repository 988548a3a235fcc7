package io.lifeline.session.api;

/**
 * What all processes of a container use.
 *
 * @param cpuNanos processor time since the container's start, in nanoseconds
 * @param memoryBytes memory charged to them, the page cache among it
 * @param workingSetBytes the same without what the kernel can drop at once, as the kubelet counts
 *     it
 */
public record ContainerUsage(long cpuNanos, long memoryBytes, long workingSetBytes) {}

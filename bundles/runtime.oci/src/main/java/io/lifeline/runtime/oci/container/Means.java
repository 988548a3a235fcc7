package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.tool.ToolRunner;
import java.time.Duration;

/**
 * What every container works with.
 *
 * @param closeGrace how long a process may live on after its client has gone
 * @param scratchMebibytes how large a container's {@code /tmp} and {@code /run} may each become
 */
record Means(
    State state,
    ToolRunner runner,
    Launcher launcher,
    Awaited awaited,
    Duration closeGrace,
    int scratchMebibytes) {}

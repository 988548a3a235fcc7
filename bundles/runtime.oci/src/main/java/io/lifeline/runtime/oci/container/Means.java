package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.linux.OomScore;
import io.lifeline.runtime.oci.tool.ToolRunner;
import java.time.Clock;

/** What every container works with. */
record Means(
    State state,
    ToolRunner runner,
    Launcher launcher,
    Awaited awaited,
    Limits limits,
    ExecBy execBy,
    OomScore oomScore,
    Clock clock) {}

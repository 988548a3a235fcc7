/**
 * Root filesystem from the node's own binaries; runc or crun; terminals.
 *
 * <ul>
 *   <li>{@code rootfs}: which of the worker's files make a root filesystem, and the copy of them
 *   <li>{@code tool}: which OCI runtimes the worker has, which works, running one within a limit
 *   <li>{@code container}: the container's configuration, its start, its processes, its end
 *   <li>{@code process}: the bytes to and from one process
 *   <li>{@code linux}: system calls, by JNA, which is private to this bundle
 * </ul>
 *
 * <p>Nothing else in the agent starts a process. One exec costs a thread, 64 KiB and five
 * descriptors while it lives, and nothing after. What the worker's disk holds is read while the
 * worker is well; in a crisis only the runtime itself is loaded from it, and a container that runs
 * needs not even that: a thread of the agent lives in it and starts what is asked for.
 */
package io.lifeline.runtime.oci;

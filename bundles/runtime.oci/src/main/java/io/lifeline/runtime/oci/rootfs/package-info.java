/**
 * A small root filesystem made of the worker's own programs and the libraries that they need.
 *
 * <p>Nothing of the worker is executed to make it: programs are read as ELF files, and libraries
 * are looked for where the worker's own loader would. Every link is resolved below the worker's
 * root. It is made before it is needed, and kept on the agent's tmpfs.
 */
package io.lifeline.runtime.oci.rootfs;

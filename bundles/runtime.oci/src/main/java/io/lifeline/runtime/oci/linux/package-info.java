/**
 * The few system calls that the JDK does not have: processes, pipes, terminals.
 *
 * <p>JNA is private to this bundle. Everything here is for 64-bit Linux with glibc; numbers that
 * differ between x86-64 and aarch64 are not used.
 */
package io.lifeline.runtime.oci.linux;

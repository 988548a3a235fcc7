/** The debug container: its OCI configuration, its files on the tmpfs, its processes, its end. */
package io.lifeline.runtime.oci.container;

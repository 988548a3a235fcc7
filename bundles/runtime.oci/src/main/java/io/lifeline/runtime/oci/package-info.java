/** Root filesystem from the node's own binaries; runc or crun; terminals. */
package io.lifeline.runtime.oci;

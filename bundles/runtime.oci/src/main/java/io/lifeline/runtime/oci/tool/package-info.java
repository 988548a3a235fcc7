/** The OCI runtimes of the worker: which are there, which works here, and running one. */
package io.lifeline.runtime.oci.tool;

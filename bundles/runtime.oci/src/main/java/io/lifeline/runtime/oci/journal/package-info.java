/** The worker's journal, by the worker's own journalctl. */
package io.lifeline.runtime.oci.journal;

/** Lifeline's streams beside the real kubelet's, interleaved in one run. */
@org.jspecify.annotations.NullMarked
package io.lifeline.itests.e2e.bench;

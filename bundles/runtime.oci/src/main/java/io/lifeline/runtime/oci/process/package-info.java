/**
 * A running process and the bytes to and from it: one thread each, which polls its outputs, its end
 * and, while it is full, its input.
 */
package io.lifeline.runtime.oci.process;

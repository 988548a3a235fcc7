/**
 * Lifeline on a real cluster, as a person uses it: installing it, a rescue step by step, and what
 * the tests, the demo and the bench share.
 */
@org.jspecify.annotations.NullMarked
package io.lifeline.itests.e2e;

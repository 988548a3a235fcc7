/** A rescue, walked through for a reader: each command and its true output. */
@org.jspecify.annotations.NullMarked
package io.lifeline.itests.e2e.demo;

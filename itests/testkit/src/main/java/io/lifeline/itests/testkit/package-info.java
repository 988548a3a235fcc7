/**
 * What tests of the real thing need: commands with time limits, terminals, waiting with a deadline,
 * a look at what is left behind, and a report. Nothing but the JDK and the machine's own programs.
 */
@org.jspecify.annotations.NullMarked
package io.lifeline.itests.testkit;

/**
 * Karaf commands, only where a shell is: scope = subject, name = verb.
 *
 * <p>Started with {@code LIFELINE_CONSOLE=true}; the shell is that of the process's own terminal,
 * and no port is opened for it.
 */
package io.lifeline.console;

/** Karaf commands, only where a shell is. */
package io.lifeline.console;

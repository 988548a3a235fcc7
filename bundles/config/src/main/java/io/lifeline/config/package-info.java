/**
 * Settings of a component, read once and refused clearly.
 *
 * <p>A component's settings come from one file {@code etc/<pid>.cfg}; each key may be overridden by
 * an environment variable, so that a container needs no file. A wrong value is refused at start
 * with the file, the key, the value and the rule.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package io.lifeline.config;

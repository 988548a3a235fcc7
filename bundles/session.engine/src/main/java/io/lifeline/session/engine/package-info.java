/**
 * Live sessions: admit, join, detach, record, tell, end.
 *
 * <p>Every door opens its sessions here, and so they are counted, told and ended in one place. A
 * session keeps the process that it has when the runtime below is replaced.
 */
package io.lifeline.session.engine;

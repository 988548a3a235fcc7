/** Live sessions: admit, broadcast, end. */
package io.lifeline.session.engine;

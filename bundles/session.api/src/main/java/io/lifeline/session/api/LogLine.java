package io.lifeline.session.api;

import java.time.Instant;

/**
 * A line of what the main process said, or a piece of a long one.
 *
 * @param at when its end came, by the agent's clock
 * @param stderr whether it was said there; a terminal has stdout alone
 * @param begins whether it begins a line; a piece that goes on with one does not
 * @param bytes with the newline, where it has one
 */
public record LogLine(Instant at, boolean stderr, boolean begins, byte[] bytes) {}

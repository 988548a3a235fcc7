package io.lifeline.session.api;

/** A terminal's size in character cells. */
public record TerminalSize(int columns, int rows) {

  public TerminalSize {
    if (columns < 1 || columns > 65535 || rows < 1 || rows > 65535) {
      throw new IllegalArgumentException(
          "a terminal of %d columns and %d rows: both must be from 1 to 65535"
              .formatted(columns, rows));
    }
  }
}

package io.lifeline.console;

/** There is no session of this id. */
final class UnknownSessionException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  UnknownSessionException(String id) {
    super("there is no session '%s': session:list shows who is in".formatted(id));
  }
}

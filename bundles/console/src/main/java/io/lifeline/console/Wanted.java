package io.lifeline.console;

import org.jspecify.annotations.Nullable;

/**
 * A service that a command works with. None is there in another role, or while its bundle is
 * replaced; Karaf would take away the commands of all of them for one that is missing.
 */
final class Wanted {

  private Wanted() {}

  /**
   * The service.
   *
   * @throws IllegalStateException when there is none; the message says so to the person
   */
  static <T> T of(@Nullable T service, Class<T> contract) {
    if (service == null) {
      throw new IllegalStateException(
          "no %s is here: the command is for another role, or the bundle that brings it is not active"
              .formatted(contract.getSimpleName()));
    }
    return service;
  }
}

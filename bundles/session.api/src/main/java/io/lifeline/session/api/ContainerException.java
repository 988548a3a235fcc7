package io.lifeline.session.api;

/** The container runtime could not do what was asked; the message is for the person on call. */
public class ContainerException extends Exception {

  private static final long serialVersionUID = 1L;

  public ContainerException(String message) {
    super(message);
  }

  public ContainerException(String message, Throwable cause) {
    super(message, cause);
  }
}

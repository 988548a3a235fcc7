package io.lifeline.runtime.oci.rootfs;

import io.lifeline.session.api.ContainerException;

/**
 * A program or library that is required is not on the worker; the message says where it was sought.
 */
public final class MissingException extends ContainerException {

  private static final long serialVersionUID = 1L;

  MissingException(String message) {
    super(message);
  }
}

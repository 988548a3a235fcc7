package io.lifeline.kubelet.server;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request is answered with this status and this sentence. */
final class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient HttpResponseStatus status;

  RefusedException(HttpResponseStatus status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  HttpResponseStatus status() {
    return status;
  }
}

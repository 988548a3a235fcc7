package io.lifeline.kubelet.server;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** Gathers what a command says into one answer, as far as that is bounded. */
final class RunOutput implements SessionStreams {

  private static final int MOST = 1 << 20;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<Answer.Whole> answer = new CompletableFuture<>();

  /** Completes when the command has ended. */
  CompletableFuture<Answer.Whole> answer() {
    return answer;
  }

  @Override
  public void stdout(ByteBuffer output) throws IOException {
    if (bytes.size() + output.remaining() > MOST) {
      throw new IOException("the answer of run would be longer than 1 MiB: use exec");
    }
    byte[] some = new byte[output.remaining()];
    output.get(some);
    bytes.writeBytes(some);
  }

  @Override
  public void stderr(ByteBuffer output) throws IOException {
    stdout(output);
  }

  @Override
  public void inputWanted() {
    // A command that is run has no input.
  }

  @Override
  public void ended(ExitStatus status) {
    boolean succeeded = status.shellCode() == 0;
    if (status instanceof ExitStatus.Failed failed) {
      answer.complete(
          Answer.Whole.text(HttpResponseStatus.INTERNAL_SERVER_ERROR, failed.message()));
    } else {
      answer.complete(
          new Answer.Whole(
              succeeded ? HttpResponseStatus.OK : HttpResponseStatus.INTERNAL_SERVER_ERROR,
              "text/plain; charset=utf-8",
              bytes.toByteArray()));
    }
  }
}

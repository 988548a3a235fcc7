package io.lifeline.session.engine;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Stands in for a process where the engine itself has answered. */
record AnsweredSession(SessionInfo info) implements Session {

  static Session of(
      PersonsCommand.Outcome.Text answer, SessionRequest request, SessionStreams streams) {
    String text = request.process().tty() ? answer.text().replace("\n", "\r\n") : answer.text();
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try {
      if (answer.code() == 0 || request.process().tty()) {
        streams.stdout(bytes);
      } else {
        streams.stderr(bytes);
      }
    } catch (IOException e) {
      // He has gone, and his door knows it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    streams.ended(new ExitStatus.Exited(answer.code()));
    return new AnsweredSession(
        new SessionInfo(
            PersonsCommand.NAME,
            request.door(),
            request.who().name(),
            request.process().command(),
            request.process().tty(),
            Duration.ZERO));
  }

  @Override
  public boolean stdin(ByteBuffer bytes) {
    bytes.position(bytes.limit());
    return true;
  }

  @Override
  public void closeStdin() {}

  @Override
  public void resize(TerminalSize size) {}

  @Override
  public void signal(int signal) {}

  @Override
  public void close() {}
}

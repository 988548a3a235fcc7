package io.lifeline.kubelet.server;

import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionEngine.Recording;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The route {@code /recordings/}: what was recorded of sessions, and the audit lines; also when no
 * debug pod runs. No path is made of what the caller says: it is looked for among what there is.
 */
final class RecordedSessions {

  private static final String ENDING = ".cast";
  private static final String AUDIT = "audit.jsonl";

  /** The ring's two files, the earlier first. */
  private static final List<String> AUDIT_FILES = List.of("audit.1.jsonl", AUDIT);

  private final Seam<SessionEngine> sessions;
  private final Path state;

  /**
   * @param state where the engine keeps its audit lines
   */
  RecordedSessions(Seam<SessionEngine> sessions, Path state) {
    this.sessions = sessions;
    this.state = state;
  }

  /**
   * @param name below {@code /recordings/}; blank for the list
   * @throws RefusedException when there is none of this name
   */
  Answer answer(String name) throws RefusedException {
    List<Recording> there = sessions.orRefuse(HttpResponseStatus.SERVICE_UNAVAILABLE).recordings();
    if (name.isEmpty()) {
      return Answer.Whole.text(HttpResponseStatus.OK, list(there));
    }
    if (name.equals(AUDIT)) {
      return new Answer.Streamed(this::audit);
    }
    Recording wanted =
        there.stream()
            .filter(recording -> name.equals(recording.id() + ENDING))
            .findFirst()
            .orElseThrow(() -> none(name));
    return new Answer.Streamed(out -> file(wanted, out));
  }

  private static String list(List<Recording> there) {
    StringBuilder lines = new StringBuilder();
    for (Recording recording : there) {
      lines.append(
          "%s%s %d bytes%s%n"
              .formatted(
                  recording.id(), ENDING, recording.bytes(), recording.live() ? ", live" : ""));
    }
    return lines.append(AUDIT).toString();
  }

  private static void file(Recording recording, BodyWriter out)
      throws IOException, InterruptedException, RefusedException {
    try (SeekableByteChannel file = Files.newByteChannel(recording.file())) {
      // What asciicast is registered as by its players.
      out.begin("application/x-asciicast");
      new FileLines(file, out).write();
    } catch (NoSuchFileException e) {
      // The ring needed its room meanwhile.
      throw none(recording.id() + ENDING);
    }
  }

  private void audit(BodyWriter out) throws IOException, InterruptedException {
    out.begin("application/x-ndjson");
    for (String name : AUDIT_FILES) {
      try (SeekableByteChannel file = Files.newByteChannel(state.resolve(name))) {
        new FileLines(file, out).write();
      } catch (NoSuchFileException e) {
        // Nothing has been written into it yet.
        out.flush();
      }
    }
  }

  private static RefusedException none(String name) {
    return new RefusedException(
        HttpResponseStatus.NOT_FOUND,
        "there is no recording '%s': …/proxy/recordings/ lists them".formatted(name));
  }
}

package io.lifeline.session.engine;

import io.lifeline.security.api.Identity;
import io.lifeline.session.api.Door;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.SessionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * What the agent's next life must know of a shell, to let people join it again.
 *
 * @param token what its own processes know
 * @param opened when, in milliseconds of the machine's clock
 * @param life which life of the agent looks after it
 */
record KeptSession(String id, String token, SessionRequest request, long opened, String life) {

  private static final String WORD = "word.";

  Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("id", id);
    properties.setProperty("token", token);
    properties.setProperty("opened", Long.toString(opened));
    properties.setProperty("life", life);
    properties.setProperty("container", request.containerId());
    properties.setProperty("door", request.door().name());
    properties.setProperty("who", request.who().name());
    properties.setProperty("proof", request.who().proof().name());
    List<String> command = request.process().command();
    for (int i = 0; i < command.size(); i++) {
      properties.setProperty(WORD + i, command.get(i));
    }
    return properties;
  }

  /** Empty when it was not written whole. */
  static Optional<KeptSession> of(Properties properties) {
    try {
      List<String> command = new ArrayList<>();
      for (String word = properties.getProperty(WORD + 0);
          word != null;
          word = properties.getProperty(WORD + command.size())) {
        command.add(word);
      }
      Identity who =
          new Identity(
              text(properties, "who"), Set.of(), Identity.Proof.valueOf(text(properties, "proof")));
      return Optional.of(
          new KeptSession(
              text(properties, "id"),
              text(properties, "token"),
              new SessionRequest(
                  text(properties, "container"),
                  Door.valueOf(text(properties, "door")),
                  who,
                  SessionRequest.Verb.EXEC,
                  new ProcessSpec(command, Map.of(), true, true, Optional.empty())),
              Long.parseLong(text(properties, "opened")),
              text(properties, "life")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String text(Properties properties, String key) {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException("no " + key);
    }
    return value;
  }
}

package io.lifeline.session.engine;

import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.SessionRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a session has from its first moment.
 *
 * @param token what its own processes know, so that they alone can ask for something
 * @param at when that was, on the monotonic clock
 */
record Beginning(String id, String token, long at) {

  static Beginning now(String id, String token) {
    return new Beginning(id, token, System.nanoTime());
  }

  /** In an earlier life of the agent: its monotonic clock is not ours, so the other one tells. */
  static Beginning of(KeptSession kept) {
    long age = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - kept.opened());
    return new Beginning(kept.id(), kept.token(), System.nanoTime() - Math.max(0, age));
  }

  /** What the next life of the agent must know. */
  KeptSession kept(SessionRequest request, String life) {
    return new KeptSession(id, token, request, System.currentTimeMillis() - age().toMillis(), life);
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - at);
  }

  /** The process with what it must know to ask for something. */
  ProcessSpec known(ProcessSpec spec) {
    Map<String, String> environment = new HashMap<>(spec.environment());
    environment.put("LIFELINE_SESSION", id);
    if (spec.tty()) {
      environment.put("LIFELINE_TOKEN", token);
    }
    return new ProcessSpec(spec.command(), environment, spec.stdin(), spec.tty(), spec.size());
  }
}

package io.lifeline.session.engine;

import io.lifeline.session.api.SessionState;
import java.time.Duration;
import java.util.List;

/** Ends what nobody has come back to, or used, for longer than the settings allow. Any thread. */
record Overdue(EngineSettings settings) {

  void end(LiveSession session) {
    if (session.info().state() == SessionState.ENDING) {
      return;
    }
    Duration life = settings.detached().life();
    Duration idle = settings.limits().idle();
    if (session.alone().compareTo(life) > 0) {
      session.close("nobody joined it again within " + Countdown.words(life));
    } else if (session.isTerminal() && !idle.isZero() && session.idle().compareTo(idle) > 0) {
      String why = "nothing was typed or said for " + Countdown.words(idle) + " (idle.max)";
      Told.all("this session ends: " + why, List.of(session));
      session.close(why);
    }
  }
}

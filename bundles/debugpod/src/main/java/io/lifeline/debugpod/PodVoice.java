package io.lifeline.debugpod;

import io.lifeline.session.api.SessionListener;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/**
 * Says by an Event on the pod what goes wrong in its sessions. A component of its own: the session
 * engine wants it, and who knows the pod wants the session engine.
 */
@Component(service = {SessionListener.class, PodVoice.class})
public final class PodVoice implements SessionListener {

  private volatile @Nullable PodDesk desk;

  void speakFor(@Nullable PodDesk of) {
    desk = of;
  }

  /** By a thread of its own: the API server may be slow to take it. */
  @Override
  public void warning(String reason, String sentence) {
    PodDesk now = desk;
    if (now != null) {
      Thread teller = new Thread(() -> now.warn(reason, sentence), "lifeline-event");
      teller.setDaemon(true);
      teller.start();
    }
  }
}

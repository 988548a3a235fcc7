package io.lifeline.ssh.server;

import java.io.IOException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.session.AbstractServerSession;
import org.apache.sshd.server.session.ServerConnectionService;
import org.apache.sshd.server.session.ServerConnectionServiceFactory;

/**
 * What runs in a connection whose person has come in: session channels and nothing else. It asks a
 * silent client whether it is there, and gives it up after three silences.
 */
final class Connections extends ServerConnectionServiceFactory {

  private static final AttributeKey<Boolean> GOODBYE = new AttributeKey<>();
  private static final int MOST_SILENCES = 3;

  /** Hears the client's own goodbye, by which an end that was meant is told from a lost one. */
  static final SessionListener GOODBYES =
      new SessionListener() {
        @Override
        public void sessionDisconnect(
            Session session, int reason, String message, String language, boolean initiator) {
          if (!initiator) {
            session.setAttribute(GOODBYE, true);
          }
        }
      };

  private final ScheduledExecutorService timer;
  private final long keepAliveMillis;

  Connections(ScheduledExecutorService timer, long keepAliveMillis) {
    this.timer = timer;
    this.keepAliveMillis = keepAliveMillis;
  }

  static boolean saidGoodbye(Session session) {
    return session.getAttribute(GOODBYE) != null;
  }

  @Override
  public Service create(Session session) throws IOException {
    return new Connection((AbstractServerSession) session);
  }

  private final class Connection extends ServerConnectionService {

    private final AtomicInteger silences = new AtomicInteger();
    private final ScheduledFuture<?> asking;

    Connection(AbstractServerSession session) throws SshException {
      super(session);
      asking =
          timer.scheduleWithFixedDelay(
              this::ask, keepAliveMillis, keepAliveMillis, TimeUnit.MILLISECONDS);
      session.addCloseFutureListener(future -> asking.cancel(false));
    }

    /** Port forwarding, and whatever else is no session, with a reason that OpenSSH shows. */
    @Override
    protected void channelOpen(Buffer buffer) throws Exception {
      int start = buffer.rpos();
      String type = buffer.getString();
      if (!type.equals("session")) {
        sendChannelOpenFailure(
            buffer,
            buffer.getUInt(),
            SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED,
            Forwarding.WHY,
            "");
        return;
      }
      buffer.rpos(start);
      super.channelOpen(buffer);
    }

    /** Any answer will do, also that the request is unknown. */
    private void ask() {
      if (silences.getAndIncrement() >= MOST_SILENCES) {
        getSession().close(true);
        return;
      }
      try {
        Buffer buffer = getSession().createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST, 64);
        buffer.putString("keepalive@openssh.com");
        buffer.putBoolean(true);
        getSession().request(buffer, "keepalive@openssh.com", (cmd, reply) -> silences.set(0));
      } catch (IOException e) {
        getSession().close(true);
      }
    }
  }
}

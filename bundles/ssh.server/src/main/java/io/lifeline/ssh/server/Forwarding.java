package io.lifeline.ssh.server;

import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * Refuses what would forward ports or sockets from the worker's side. The protocol has no room for
 * a reason in that refusal: it is kept and said before the shell's first prompt.
 */
final class Forwarding implements RequestHandler<ConnectionService> {

  static final String WHY =
      "this door gives a shell and forwards nothing; 'kubectl port-forward' does";

  private static final AttributeKey<String> REFUSED = new AttributeKey<>();

  @Override
  public Result process(
      ConnectionService connection, String request, boolean wantReply, Buffer buffer) {
    if (!request.startsWith("tcpip-forward") && !request.startsWith("streamlocal-forward")) {
      return Result.Unsupported;
    }
    connection
        .getSession()
        .setAttribute(REFUSED, "lifeline: nothing is forwarded back: %s\n".formatted(WHY));
    return Result.ReplyFailure;
  }

  /** What was refused before the shell began; blank for nothing. */
  static String remarks(Session session) {
    String refused = session.removeAttribute(REFUSED);
    return refused == null ? "" : refused;
  }
}

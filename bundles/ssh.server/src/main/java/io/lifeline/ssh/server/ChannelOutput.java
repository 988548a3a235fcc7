package io.lifeline.ssh.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RemoteWindow;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * What the process says, to the client. It blocks while the client's window is closed, and while
 * its socket is behind: so no more than a few packets of a session are ever in memory.
 */
final class ChannelOutput {

  /** A person may stop reading for the night. */
  private static final Duration FOR_EVER = Duration.ofDays(30);

  private static final int MOST_PENDING = 128 * 1024;
  private static final int MOST_PACKET = 32 * 1024;
  private static final int STDERR = 1;

  private final DebugChannel channel;
  private final Semaphore room = new Semaphore(MOST_PENDING);

  ChannelOutput(DebugChannel channel) {
    this.channel = channel;
  }

  void stdout(ByteBuffer bytes) throws IOException, InterruptedException {
    write(SshConstants.SSH_MSG_CHANNEL_DATA, bytes);
  }

  void stderr(ByteBuffer bytes) throws IOException, InterruptedException {
    write(SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA, bytes);
  }

  private void write(byte message, ByteBuffer bytes) throws IOException, InterruptedException {
    RemoteWindow window = channel.getRemoteWindow();
    int most = (int) Math.min(MOST_PACKET, window.getPacketSize());
    while (bytes.hasRemaining()) {
      long open = window.waitForSpace(FOR_EVER);
      int length = (int) Math.min(Math.min(open, most), bytes.remaining());
      window.waitAndConsume(length, FOR_EVER);
      room.acquire(length);
      byte[] piece = new byte[length];
      bytes.get(piece);
      Buffer packet = channel.getSession().createBuffer(message, length + 16);
      packet.putUInt(channel.getRecipient());
      if (message == SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA) {
        packet.putUInt(STDERR);
      }
      packet.putBytes(piece);
      IoWriteFuture written;
      try {
        written = channel.writePacket(packet);
      } catch (IOException | RuntimeException e) {
        room.release(length);
        throw e;
      }
      written.addListener(future -> room.release(length));
    }
  }
}

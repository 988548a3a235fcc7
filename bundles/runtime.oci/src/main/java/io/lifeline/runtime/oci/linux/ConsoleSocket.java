package io.lifeline.runtime.oci.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where an OCI runtime sends the master of the terminal that it made: one connection, one message,
 * one descriptor in it (SCM_RIGHTS).
 */
public final class ConsoleSocket implements Closeable {

  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int LONGEST_PATH = 107;

  private final Path path;
  private final Fd listening;

  /**
   * @param path at most 107 bytes long
   */
  public ConsoleSocket(Path path) throws IOException {
    this.path = path;
    byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > LONGEST_PATH) {
      throw new IOException(
          "the socket %s has a path of %d bytes, and %d are the most: shorten the agent's state directory"
              .formatted(path, bytes.length, LONGEST_PATH));
    }
    Files.deleteIfExists(path);
    listening =
        Fd.of("socket", LibC.socket(AF_UNIX, SOCK_STREAM | LibC.O_CLOEXEC | LibC.O_NONBLOCK, 0));
    Memory address = new Memory(2 + LONGEST_PATH + 1L);
    address.clear();
    address.setShort(0, (short) AF_UNIX);
    address.write(2, bytes, 0, bytes.length);
    if (LibC.bind(listening.number(), address, 2 + bytes.length + 1) < 0
        || LibC.listen(listening.number(), 1) < 0) {
      SystemCallException failure = SystemCallException.last("bind " + path);
      close();
      throw failure;
    }
  }

  /** Receives the terminal's master; waits no longer than given. */
  public Fd receive(int millis) throws IOException {
    awaitReadable(listening, millis);
    try (Fd connection =
        Fd.of("accept", LibC.accept4(listening.number(), null, null, LibC.O_CLOEXEC))) {
      awaitReadable(connection, millis);
      return descriptor(connection);
    }
  }

  private static void awaitReadable(Fd fd, int millis) throws IOException {
    PollSet poll = new PollSet(1);
    poll.reading(fd);
    if (!poll.await(millis)) {
      throw new IOException(
          "the container runtime did not hand over the terminal within %d ms".formatted(millis));
    }
  }

  // struct msghdr and cmsghdr of 64-bit Linux; see recvmsg(2) and cmsg(3).
  private static Fd descriptor(Fd connection) throws IOException {
    Memory text = new Memory(256);
    Memory vector = new Memory(16);
    vector.setPointer(0, text);
    vector.setLong(8, text.size());
    Memory control = new Memory(24);
    control.clear();
    Memory message = new Memory(56);
    message.clear();
    message.setPointer(16, vector);
    message.setLong(24, 1);
    message.setPointer(32, control);
    message.setLong(40, control.size());
    try {
      if (LibC.recvmsg(connection.number(), message, MSG_CMSG_CLOEXEC) < 0) {
        throw SystemCallException.last("recvmsg");
      }
    } finally {
      // The kernel wrote through pointers that the collector cannot see.
      Reference.reachabilityFence(text);
      Reference.reachabilityFence(vector);
    }
    Pointer received = control;
    if (message.getLong(40) < 20
        || received.getInt(8) != SOL_SOCKET
        || received.getInt(12) != SCM_RIGHTS) {
      throw new IOException("the container runtime sent a message without a terminal in it");
    }
    return new Fd(received.getInt(16));
  }

  @Override
  public void close() {
    listening.close();
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // What is left is removed with the container's directory.
    }
  }
}

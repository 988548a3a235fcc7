package io.lifeline.runtime.oci.process;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.lifeline.runtime.oci.linux.Fd;
import io.lifeline.runtime.oci.linux.SystemCallException;
import io.lifeline.runtime.oci.linux.Terminal;
import io.lifeline.session.api.TerminalSize;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * This side of a process's standard streams: pipes, or the master of its terminal. All of them are
 * non-blocking. Output is for one thread, the pump's; everything else for any.
 */
public final class ProcessIo implements Closeable {

  private static final int SCRATCH = 16 * 1024;

  /**
   * What a pipe holds from when much goes through it: four reads of the pump's. A process that
   * speaks fast is not woken for each, and what is read is seldom the last that was there, which
   * would be a frame of a few bytes; to one that reads fast an upload takes a seventh less time,
   * and a fifth less of a core. Most sessions never need it.
   */
  private static final int MUCH = 256 * 1024;

  private static final byte END_OF_TRANSMISSION = 4;
  private static final int SIGHUP = 1;
  private static final int SIGCONT = 18;

  private final Optional<Fd> input;
  private final Optional<Fd> output;
  private final Optional<Fd> error;
  private final boolean terminal;
  private boolean inputDropped;
  private boolean inputFull;
  private boolean inputGrown;
  private boolean outputGrown;
  private @Nullable Memory scratch;
  private @Nullable Runnable andThen;

  private ProcessIo(Optional<Fd> input, Optional<Fd> output, Optional<Fd> error, boolean terminal) {
    this.input = input;
    this.output = output;
    this.error = error;
    this.terminal = terminal;
  }

  /** Pipes, this side's ends. */
  public static ProcessIo pipes(Optional<Fd> stdin, Fd stdout, Fd stderr)
      throws SystemCallException {
    if (stdin.isPresent()) {
      stdin.get().nonBlocking();
    }
    return new ProcessIo(
        stdin, Optional.of(stdout.nonBlocking()), Optional.of(stderr.nonBlocking()), false);
  }

  /** A terminal's master. */
  public static ProcessIo terminal(Fd master) throws SystemCallException {
    Optional<Fd> both = Optional.of(master.nonBlocking());
    return new ProcessIo(both, both, Optional.empty(), true);
  }

  /** Nothing: the streams of a process that an earlier life of the agent started are lost. */
  public static ProcessIo none() {
    return new ProcessIo(Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  boolean isTerminal() {
    return terminal;
  }

  Optional<Fd> output() {
    return output.filter(fd -> !fd.isClosed());
  }

  Optional<Fd> error() {
    return error.filter(fd -> !fd.isClosed());
  }

  /** The input, while it is full and somebody waits to offer more. */
  synchronized Optional<Fd> fullInput() {
    return inputFull ? input.filter(fd -> !fd.isClosed()) : Optional.empty();
  }

  /** It may be offered again. */
  synchronized void inputHasRoom() {
    inputFull = false;
  }

  /**
   * Writes what goes in now.
   *
   * @return whether all that remained was taken
   */
  synchronized boolean write(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      if (inputDropped || input.isEmpty() || input.get().isClosed()) {
        bytes.position(bytes.limit());
        return true;
      }
      int count = Math.min(bytes.remaining(), bytes.isDirect() ? Integer.MAX_VALUE : SCRATCH);
      int written;
      try {
        written = input.get().write(native_(bytes, count), count);
      } catch (SystemCallException e) {
        // It reads no more (EPIPE, EIO): what is still offered is for nobody.
        dropInput();
        continue;
      }
      if (written == Fd.NOTHING_NOW) {
        if (growInput(input.get())) {
          continue;
        }
        inputFull = true;
        return false;
      }
      bytes.position(bytes.position() + written);
    }
    return true;
  }

  private boolean growInput(Fd pipe) {
    boolean grows = !inputGrown && !terminal;
    inputGrown = true;
    return grows && pipe.holding(MUCH);
  }

  /** The process speaks faster than it is read. For the output's thread. */
  void growOutput() {
    if (!outputGrown && !terminal) {
      output().ifPresent(pipe -> pipe.holding(MUCH));
    }
    outputGrown = true;
  }

  private Pointer native_(ByteBuffer bytes, int count) {
    if (bytes.isDirect()) {
      return Native.getDirectBufferPointer(bytes).share(bytes.position());
    }
    if (scratch == null) {
      scratch = new Memory(SCRATCH);
    }
    if (bytes.hasArray()) {
      scratch.write(0, bytes.array(), bytes.arrayOffset() + bytes.position(), count);
      return scratch;
    }
    byte[] chunk = new byte[count];
    bytes.get(bytes.position(), chunk);
    scratch.write(0, chunk, 0, count);
    return scratch;
  }

  /** Whatever is offered from now on is taken and dropped. */
  synchronized void dropInput() {
    inputDropped = true;
    if (!terminal) {
      input.ifPresent(Fd::close);
    }
  }

  /** The process reads end-of-file after what it was given. */
  synchronized void closeInput() {
    if (terminal && !inputDropped) {
      write(ByteBuffer.wrap(new byte[] {END_OF_TRANSMISSION}));
      inputFull = false;
    }
    dropInput();
  }

  synchronized void resize(TerminalSize size) {
    if (terminal) {
      output().ifPresent(master -> Terminal.resize(master, size));
    }
  }

  /** Hangs up a terminal: its foreground hears of it, and nobody can use it any more. */
  synchronized void hangUp() {
    if (terminal) {
      output()
          .ifPresent(
              master -> {
                Terminal.signalForeground(master, SIGHUP);
                Terminal.signalForeground(master, SIGCONT);
              });
    }
    close();
  }

  /** Another descriptor for the terminal's master; empty without one, or when it is closed. */
  synchronized Optional<Fd> master() throws SystemCallException {
    Optional<Fd> open = terminal ? output() : Optional.empty();
    return open.isPresent() ? Optional.of(open.get().duplicate()) : Optional.empty();
  }

  /** Runs this once when it is closed; at once if it is. */
  void whenClosed(Runnable then) {
    synchronized (this) {
      if (output().isPresent()) {
        andThen = then;
        return;
      }
    }
    then.run();
  }

  @Override
  public synchronized void close() {
    inputDropped = true;
    input.ifPresent(Fd::close);
    output.ifPresent(Fd::close);
    error.ifPresent(Fd::close);
    Runnable then = andThen;
    andThen = null;
    if (then != null) {
      then.run();
    }
  }
}

package io.lifeline.runtime.oci.process;

import io.lifeline.runtime.oci.linux.Child;
import io.lifeline.runtime.oci.linux.Fd;
import io.lifeline.runtime.oci.linux.OwnThread;
import io.lifeline.runtime.oci.linux.SystemCallException;
import io.lifeline.runtime.oci.linux.Wakeup;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** A process with a thread of its own that carries its bytes. */
public final class RunningProcess implements ContainerProcess {

  private final Child child;
  private final ProcessIo io;
  private final Wakeup wakeup;
  private volatile boolean closing;

  private RunningProcess(Child child, ProcessIo io) throws SystemCallException {
    this.child = child;
    this.io = io;
    this.wakeup = new Wakeup();
  }

  /**
   * Takes over a process that has just started.
   *
   * @param streams hear of everything it says, and of its end
   * @param watch what else is to be done by the process's thread
   * @param grace how long it may live on after {@link #close}
   */
  public static RunningProcess start(
      Child child, ProcessIo io, SessionStreams streams, Watch watch, Duration grace)
      throws SystemCallException {
    RunningProcess process = new RunningProcess(child, io);
    ProcessPump pump = new ProcessPump(process, streams, watch, grace);
    new OwnThread(pump, watch.threadName()).start();
    return process;
  }

  /** A process that never was: its status comes from a thread of its own, as always. */
  public static ContainerProcess failed(ExitStatus.Failed status, SessionStreams streams) {
    new OwnThread(() -> streams.ended(status), "lifeline-session-failed").start();
    return new NoProcess();
  }

  public int pid() {
    return child.pid();
  }

  /** Another descriptor for its terminal's master; empty without one, or when it has ended. */
  public Optional<Fd> master() throws SystemCallException {
    return io.master();
  }

  /** Runs this once when its streams are closed; at once if they are. Must not block. */
  public void whenClosed(Runnable then) {
    io.whenClosed(then);
  }

  Child child() {
    return child;
  }

  ProcessIo io() {
    return io;
  }

  Wakeup wakeup() {
    return wakeup;
  }

  boolean closing() {
    return closing;
  }

  @Override
  public boolean stdin(ByteBuffer bytes) {
    boolean all = io.write(bytes);
    if (!all) {
      // The pump waits for room from now on.
      wakeup.wake();
    }
    return all;
  }

  @Override
  public void closeStdin() {
    io.closeInput();
  }

  @Override
  public void resize(TerminalSize size) {
    io.resize(size);
  }

  @Override
  public void signal(int signal) {
    child.signalGroup(signal);
  }

  @Override
  public void close() {
    closing = true;
    wakeup.wake();
  }
}

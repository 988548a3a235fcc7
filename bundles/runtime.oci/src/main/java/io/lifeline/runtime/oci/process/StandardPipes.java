package io.lifeline.runtime.oci.process;

import io.lifeline.runtime.oci.linux.Fd;
import io.lifeline.runtime.oci.linux.Pipe;
import io.lifeline.runtime.oci.linux.SystemCallException;
import java.util.Optional;

/** The pipes of a process that is being started. Closing closes what was not {@link #taken}. */
public final class StandardPipes implements AutoCloseable {

  private final Optional<Pipe> in;
  private final Fd stdin;
  private final Pipe out;
  private final Pipe err;
  private boolean taken;

  private StandardPipes(Optional<Pipe> in, Fd stdin, Pipe out, Pipe err) {
    this.in = in;
    this.stdin = stdin;
    this.out = out;
    this.err = err;
  }

  /**
   * Opens them.
   *
   * @param withInput whether the process has an input; without one it reads the end at once
   */
  public static StandardPipes open(boolean withInput) throws SystemCallException {
    Pipe out = Pipe.open();
    Pipe err = Pipe.open();
    if (!withInput) {
      return new StandardPipes(Optional.empty(), Fd.openToRead("/dev/null"), out, err);
    }
    Pipe in = Pipe.open();
    return new StandardPipes(Optional.of(in), in.out(), out, err);
  }

  /** What the process has as its input. */
  public Fd stdin() {
    return stdin;
  }

  public Fd stdout() {
    return out.in();
  }

  public Fd stderr() {
    return err.in();
  }

  /** Where what is written to {@link #stderr} comes out. */
  public Fd complaints() {
    return err.out();
  }

  /** This side of them, for the process that has been started. */
  public ProcessIo taken() throws SystemCallException {
    ProcessIo io = ProcessIo.pipes(in.map(Pipe::in), out.out(), err.out());
    taken = true;
    return io;
  }

  @Override
  public void close() {
    stdin.close();
    out.in().close();
    err.in().close();
    if (!taken) {
      out.close();
      err.close();
      in.ifPresent(Pipe::close);
    }
  }
}

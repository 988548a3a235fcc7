package io.lifeline.runtime.oci.linux;

/** A pipe, both ends closed on exec. */
public record Pipe(Fd out, Fd in) implements AutoCloseable {

  public static Pipe open() throws SystemCallException {
    int[] ends = new int[2];
    if (LibC.pipe2(ends, LibC.O_CLOEXEC) < 0) {
      throw SystemCallException.last("pipe2");
    }
    return new Pipe(new Fd(ends[0]), new Fd(ends[1]));
  }

  @Override
  public void close() {
    out.close();
    in.close();
  }
}

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

  /**
   * Lets it hold so many bytes, where the kernel allows that; else it holds 64 KiB, as every pipe.
   * The bytes are the kernel's memory, and taken only while they wait.
   */
  public Pipe holding(int bytes) {
    LibC.fcntl(in.number(), LibC.F_SETPIPE_SZ, bytes);
    return this;
  }

  @Override
  public void close() {
    out.close();
    in.close();
  }
}

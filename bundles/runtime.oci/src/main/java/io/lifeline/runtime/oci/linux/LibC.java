package io.lifeline.runtime.oci.linux;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** Direct mappings of libc. Names, arguments and results are those of the manual pages. */
final class LibC {

  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int ECHILD = 10;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int ENOTDIR = 20;

  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_NOCTTY = 0x100;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;
  static final int F_SETPIPE_SZ = 1031;

  static final short POLLIN = 1;
  static final short POLLOUT = 4;

  /** Since glibc 2.34; absent before. */
  static final @Nullable Function ADD_CLOSE_FROM;

  static {
    NativeLibrary c = NativeLibrary.getInstance("c");
    Native.register(LibC.class, c);
    ADD_CLOSE_FROM = optional(c, "posix_spawn_file_actions_addclosefrom_np");
  }

  private LibC() {}

  private static @Nullable Function optional(NativeLibrary library, String name) {
    try {
      return library.getFunction(name);
    } catch (UnsatisfiedLinkError e) {
      return null;
    }
  }

  static native int pipe2(int[] ends, int flags);

  static native int open(String path, int flags);

  static native int close(int fd);

  static native long read(int fd, Pointer buffer, long count);

  static native long write(int fd, Pointer buffer, long count);

  static native int fcntl(int fd, int command, int argument);

  static native int ioctl(int fd, long request, Pointer argument);

  static native int poll(Pointer fds, long count, int timeoutMillis);

  static native int eventfd(int initial, int flags);

  static native int getpgid(int pid);

  static native int kill(int pid, int signal);

  static native int wait4(int pid, int[] status, int options, @Nullable Pointer usage);

  static native int waitid(int kind, int id, Pointer info, int options);

  static native long syscall(long number, int first, int second, int third);

  static native int prctl(int option, long second, long third, long fourth, long fifth);

  static native int umask(int mask);

  static native int unshare(int flags);

  static native int setns(int fd, int kind);

  static native int mount(
      String source, String target, @Nullable String type, long flags, @Nullable Pointer data);

  static native int umount2(String target, int flags);

  static native int socket(int domain, int type, int protocol);

  static native int bind(int fd, Pointer address, int length);

  static native int listen(int fd, int backlog);

  static native int accept4(int fd, @Nullable Pointer address, @Nullable Pointer length, int flags);

  static native long recvmsg(int fd, Pointer message, int flags);

  static native int posix_spawn(
      int[] pid, String path, Pointer actions, Pointer attributes, Pointer argv, Pointer envp);

  static native int posix_spawn_file_actions_init(Pointer actions);

  static native int posix_spawn_file_actions_adddup2(Pointer actions, int fd, int newFd);

  static native int posix_spawn_file_actions_addopen(
      Pointer actions, int fd, String path, int flags, int mode);

  static native int posix_spawn_file_actions_addclose(Pointer actions, int fd);

  static native int posix_spawn_file_actions_destroy(Pointer actions);

  static native int posix_spawnattr_init(Pointer attributes);

  static native int posix_spawnattr_setflags(Pointer attributes, short flags);

  static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

  static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

  static native int posix_spawnattr_destroy(Pointer attributes);

  static native int sigfillset(Pointer signals);

  static native int sigemptyset(Pointer signals);

  static native String strerror(int error);

  /** A NULL-terminated array of C strings; it keeps its strings alive. */
  static Strings strings(java.util.List<String> values) {
    return new Strings(values);
  }

  /** A NULL-terminated array of C strings, as argv and envp are. */
  static final class Strings extends Memory {

    @SuppressWarnings({"unused", "FieldCanBeLocal"})
    private final Memory[] kept;

    private Strings(java.util.List<String> values) {
      super((values.size() + 1L) * Native.POINTER_SIZE);
      kept = new Memory[values.size()];
      for (int i = 0; i < kept.length; i++) {
        byte[] bytes = values.get(i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        kept[i] = new Memory(bytes.length + 1L);
        kept[i].write(0, bytes, 0, bytes.length);
        kept[i].setByte(bytes.length, (byte) 0);
        setPointer((long) i * Native.POINTER_SIZE, kept[i]);
      }
      setPointer((long) kept.length * Native.POINTER_SIZE, null);
    }
  }
}

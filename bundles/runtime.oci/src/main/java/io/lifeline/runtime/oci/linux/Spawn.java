package io.lifeline.runtime.oci.linux;

import com.sun.jna.Memory;
import java.io.File;
import java.util.List;

/**
 * {@code posix_spawn} made ready: all memory is laid out by whoever asks, so that the thread that
 * spawns does nothing but call.
 */
final class Spawn {

  // Larger than glibc's posix_spawnattr_t (336) and posix_spawn_file_actions_t (80).
  private static final int OPAQUE = 1024;
  private static final int SIGNALS = 128;
  private static final short SETSIGDEF = 0x04;
  private static final short SETSIGMASK = 0x08;
  private static final short SETSID = 0x80;

  private final List<String> paths;
  private final Memory actions = new Memory(OPAQUE);
  private final Memory attributes = new Memory(OPAQUE);
  private final Memory argv;
  private final Memory envp;
  private final int[] pid = new int[1];

  Spawn(Command command) {
    paths = command.paths();
    argv = LibC.strings(command.arguments());
    envp = LibC.strings(command.environment());
    LibC.posix_spawnattr_init(attributes);
    LibC.posix_spawnattr_setflags(attributes, (short) (SETSIGDEF | SETSIGMASK | SETSID));
    Memory signals = new Memory(SIGNALS);
    LibC.sigfillset(signals);
    // The full set: a JVM started in the background ignores SIGINT, and its children would too.
    LibC.posix_spawnattr_setsigdefault(attributes, signals);
    LibC.sigemptyset(signals);
    LibC.posix_spawnattr_setsigmask(attributes, signals);
    LibC.posix_spawn_file_actions_init(actions);
    if (command.streams() instanceof Command.Streams.Pipes pipes) {
      LibC.posix_spawn_file_actions_adddup2(actions, pipes.stdin().number(), 0);
      LibC.posix_spawn_file_actions_adddup2(actions, pipes.stdout().number(), 1);
      LibC.posix_spawn_file_actions_adddup2(actions, pipes.stderr().number(), 2);
    } else if (command.streams() instanceof Command.Streams.OnTerminal terminal) {
      // The first terminal that the leader of a session opens is its controlling one.
      LibC.posix_spawn_file_actions_addopen(actions, 0, terminal.path(), LibC.O_RDWR, 0);
      LibC.posix_spawn_file_actions_adddup2(actions, 0, 1);
      LibC.posix_spawn_file_actions_adddup2(actions, 0, 2);
    }
    closeTheRest();
  }

  private void closeTheRest() {
    if (LibC.ADD_CLOSE_FROM != null) {
      LibC.ADD_CLOSE_FROM.invokeInt(new Object[] {actions, 3});
      return;
    }
    // Before glibc 2.34: what is open now. The JDK opens nearly all of its own close-on-exec.
    String[] open = new File("/proc/self/fd").list();
    for (String number : open == null ? new String[0] : open) {
      int fd = Integer.parseInt(number);
      if (fd > 2) {
        LibC.posix_spawn_file_actions_addclose(actions, fd);
      }
    }
  }

  /** Starts it in the namespaces of the calling thread; the result is an errno or 0. */
  int call() {
    int answer = LibC.ENOENT;
    for (String path : paths) {
      int error = LibC.posix_spawn(pid, path, actions, attributes, argv, envp);
      if (error == LibC.EACCES) {
        // There is one that may not be run; perhaps the next may.
        answer = error;
      } else if (error != LibC.ENOENT && error != LibC.ENOTDIR) {
        return error;
      }
    }
    return answer;
  }

  int pid() {
    return pid[0];
  }

  void free() {
    LibC.posix_spawn_file_actions_destroy(actions);
    LibC.posix_spawnattr_destroy(attributes);
  }
}

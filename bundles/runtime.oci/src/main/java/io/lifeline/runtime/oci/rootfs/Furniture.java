package io.lifeline.runtime.oci.rootfs;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** What a root filesystem needs besides programs: who root is, terminals, a prompt. */
final class Furniture {

  private static final List<String> TERMINALS =
      List.of(
          "xterm",
          "xterm-256color",
          "linux",
          "screen",
          "screen-256color",
          "tmux",
          "tmux-256color",
          "vt100",
          "vt220",
          "dumb");
  private static final List<String> TERMINFO =
      List.of("/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo");

  private static final String PROFILE =
      """
      # An interactive shell of the debug pod. LIFELINE_WORKER and LIFELINE_ROOT are its container's.
      HISTFILE=/tmp/.bash_history
      [[ ! -r /usr/bin/lifeline ]] || . /usr/bin/lifeline
      PS1='\\[\\e[1;31m\\]${LIFELINE_WORKER:-worker}\\[\\e[0m\\]:\\w\\$ '
      if [[ $- == *i* && -z ${LIFELINE_GREETED:-} ]]; then
        export LIFELINE_GREETED=1
        echo "The root directory of ${LIFELINE_WORKER:-the worker} is ${LIFELINE_ROOT:-/host}: 'chroot ${LIFELINE_ROOT:-/host}' works in it."
        if [[ -n ${LIFELINE_TOKEN:-} ]]; then
          echo "This session is ${LIFELINE_SESSION:-}; 'lifeline help' tells who else is here and how to join them."
        fi
      fi
      """;

  // The agent reads along what this terminal shows, and answers by typing an exit code and a BEL.
  // As a function it is also there behind chroot, where this file is not.
  private static final String COMMAND =
      """
      #!/bin/bash
      # Asks the agent about the sessions in this debug container: lifeline help
      lifeline() {
        local answer
        if [[ -z ${LIFELINE_TOKEN:-} ]] || ! { : >/dev/tty; } 2>/dev/null; then
          echo "lifeline: this is not the terminal of a debug session; from outside: kubectl exec -it POD -- lifeline ${*:-sessions}" >&2
          return 2
        fi
        IFS= read -rs -d $'\\a' -p $'\\e]7337;'"$LIFELINE_TOKEN;$*"$'\\a' answer </dev/tty 2>/dev/tty
        return "${answer:-1}"
      }
      export -f lifeline
      [[ ${BASH_SOURCE[0]} != "$0" ]] || lifeline "$@"
      """;

  private Furniture() {}

  /** Another number for other furniture: an earlier root filesystem is not used again. */
  static int fingerprint() {
    return PROFILE.hashCode() * 31 + COMMAND.hashCode();
  }

  static void place(WorkerTree tree, Plan plan) throws IOException {
    plan.text("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n");
    plan.text("/etc/group", "root:x:0:\ntty:x:5:\n");
    plan.text("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n");
    plan.text("/root/.bashrc", PROFILE);
    plan.script("/bin/lifeline", COMMAND);
    plan.text("/root/.bash_profile", ". /root/.bashrc\n");
    for (String terminal : TERMINALS) {
      String name = terminal.charAt(0) + "/" + terminal;
      for (String directory : TERMINFO) {
        Optional<String> real = tree.file(directory + "/" + name);
        if (real.isPresent()) {
          plan.copy("/usr/share/terminfo/" + name, real.get(), Files.size(tree.seen(real.get())));
          break;
        }
      }
    }
  }
}

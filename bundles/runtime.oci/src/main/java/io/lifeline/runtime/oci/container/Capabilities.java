package io.lifeline.runtime.oci.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The capabilities this process could give: those of its bounding set that it is also permitted. A
 * host may forbid some even to root, and asking for one of those fails the container.
 */
final class Capabilities {

  // In the order of their numbers; see capabilities(7).
  private static final List<String> NAMES =
      List.of(
          "CHOWN",
          "DAC_OVERRIDE",
          "DAC_READ_SEARCH",
          "FOWNER",
          "FSETID",
          "KILL",
          "SETGID",
          "SETUID",
          "SETPCAP",
          "LINUX_IMMUTABLE",
          "NET_BIND_SERVICE",
          "NET_BROADCAST",
          "NET_ADMIN",
          "NET_RAW",
          "IPC_LOCK",
          "IPC_OWNER",
          "SYS_MODULE",
          "SYS_RAWIO",
          "SYS_CHROOT",
          "SYS_PTRACE",
          "SYS_PACCT",
          "SYS_ADMIN",
          "SYS_BOOT",
          "SYS_NICE",
          "SYS_RESOURCE",
          "SYS_TIME",
          "SYS_TTY_CONFIG",
          "MKNOD",
          "LEASE",
          "AUDIT_WRITE",
          "AUDIT_CONTROL",
          "SETFCAP",
          "MAC_OVERRIDE",
          "MAC_ADMIN",
          "SYSLOG",
          "WAKE_ALARM",
          "BLOCK_SUSPEND",
          "AUDIT_READ",
          "PERFMON",
          "BPF",
          "CHECKPOINT_RESTORE");

  private Capabilities() {}

  /** Names as an OCI runtime wants them. */
  static List<String> own() throws IOException {
    return of(Files.readAllLines(Path.of("/proc/self/status")));
  }

  static List<String> of(List<String> status) {
    long mask = mask(status, "CapBnd:") & mask(status, "CapPrm:");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      if ((mask >>> i & 1) == 1) {
        names.add("CAP_" + NAMES.get(i));
      }
    }
    return names;
  }

  private static long mask(List<String> status, String key) {
    return status.stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseUnsignedLong(line.substring(key.length()).strip(), 16))
        .findFirst()
        .orElse(0);
  }
}

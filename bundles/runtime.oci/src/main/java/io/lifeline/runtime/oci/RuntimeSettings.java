package io.lifeline.runtime.oci;

import io.lifeline.config.Settings;
import io.lifeline.runtime.oci.container.ExecBy;
import io.lifeline.runtime.oci.container.Limits;
import io.lifeline.runtime.oci.rootfs.RootfsContents;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Settings of {@code io.lifeline.runtime.oci}.
 *
 * @param runtimes OCI runtimes, names or absolute paths of the worker, the preferred first
 * @param path the worker's directories in which runtimes are looked for
 * @param execBy who starts processes in a running container
 * @param rootfs what the container's root filesystem holds
 */
record RuntimeSettings(
    List<String> runtimes, List<String> path, RootfsContents rootfs, Limits limits, ExecBy execBy) {

  static final String PID = "io.lifeline.runtime.oci";

  private static final String PATH =
      "/usr/local/sbin,/usr/local/bin,/usr/sbin,/usr/bin,/sbin,/bin,"
          // k3s, RKE2, CRI-O, NixOS and container-optimised systems keep theirs apart.
          + "/var/lib/rancher/k3s/data/current/bin,/var/lib/rancher/rke2/bin,/usr/libexec/crio,"
          + "/opt/bin,/run/current-system/sw/bin";

  private static final Pattern PROGRAM = Pattern.compile("/.*|[A-Za-z0-9._+-]+");
  private static final String PROGRAM_RULE =
      "each must be a program's name or its absolute path on the worker";

  RuntimeSettings {
    runtimes = List.copyOf(runtimes);
    path = List.copyOf(path);
  }

  static RuntimeSettings of(Settings settings) {
    List<String> path = settings.list("path", PATH);
    for (String directory : path) {
      if (!directory.startsWith("/")) {
        throw settings.refused("path", directory, "each of its directories must be absolute");
      }
    }
    List<String> runtimes = settings.list("runtimes", "runc,crun", PROGRAM, PROGRAM_RULE);
    if (runtimes.isEmpty()) {
      throw settings.refused("runtimes", "", "at least one runtime must be named");
    }
    List<String> binaries = settings.list("binaries", "bash,chroot,sleep", PROGRAM, PROGRAM_RULE);
    if (binaries.isEmpty()) {
      throw settings.refused("binaries", "", "at least one program must be named");
    }
    return new RuntimeSettings(
        runtimes,
        path,
        new RootfsContents(
            binaries,
            settings.list(
                "optional",
                "ls,cat,id,env,tty,stty,tar,true,false,head,tail,grep",
                PROGRAM,
                PROGRAM_RULE),
            path,
            settings.number("rootfs.max", 16, 1, 1024) * 1024L * 1024L),
        new Limits(
            settings.duration("start.limit", "10s", "1s", "2m"),
            settings.duration("close.grace", "3s", "0s", "1m"),
            settings.number("scratch.max", 8, 1, 1024)),
        settings.choice("exec.by", ExecBy.class, ExecBy.AGENT));
  }
}

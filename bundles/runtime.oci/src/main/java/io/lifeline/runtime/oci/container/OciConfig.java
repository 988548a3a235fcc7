package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.linux.OomScore;
import io.lifeline.runtime.oci.tool.Cgroup;
import io.lifeline.session.api.ContainerInput;
import io.lifeline.session.api.ContainerSpec;
import io.lifeline.session.api.Json;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.TerminalSize;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an OCI runtime is told: {@code config.json} of the container, {@code process.json} of an
 * exec. See the OCI runtime specification, config.md.
 *
 * <p>A privileged debug container is in all of the worker's namespaces but that of its mounts; it
 * has no seccomp filter, no masked paths, every device.
 */
final class OciConfig {

  private static final String VERSION = "1.0.2";

  private final ContainerSpec spec;
  private final List<String> capabilities;
  private final int scratchMebibytes;
  private final OomScore oomScore;

  /** A directory, by the worker's name for it. */
  record Rootfs(String path) {}

  /** A directory, by the worker's name for it. */
  record Recordings(String path) {}

  OciConfig(
      ContainerSpec spec, List<String> capabilities, int scratchMebibytes, OomScore oomScore) {
    this.spec = spec;
    this.capabilities = capabilities;
    this.scratchMebibytes = scratchMebibytes;
    this.oomScore = oomScore;
  }

  /** The main process. */
  ProcessSpec main() {
    List<String> command = spec.command();
    if (command.isEmpty()) {
      command = spec.tty() ? List.of("bash", "-l") : List.of("sleep", "infinity");
    }
    boolean input = spec.input() != ContainerInput.NONE;
    return new ProcessSpec(command, Map.of(), input, spec.tty(), Optional.empty());
  }

  /**
   * @param rootfs where the worker sees the root filesystem
   * @param recordings where it sees the recorded sessions
   */
  String container(Rootfs rootfs, Recordings recordings) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("ociVersion", VERSION);
    config.put("root", Map.of("path", rootfs.path(), "readonly", true));
    config.put("process", processMap(main()));
    config.put("mounts", mounts(recordings));
    config.put(
        "linux",
        Map.of(
            "namespaces", List.of(Map.of("type", "mount")),
            "cgroupsPath", Cgroup.path(spec.id()),
            "resources", Map.of("devices", List.of(Map.of("allow", true, "access", "rwm"))),
            "rootfsPropagation", "rslave"));
    return Json.of(config);
  }

  String process(ProcessSpec process) {
    return Json.of(processMap(process));
  }

  private Map<String, Object> processMap(ProcessSpec process) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("terminal", process.tty());
    if (process.tty() && process.size().isPresent()) {
      TerminalSize size = process.size().get();
      map.put("consoleSize", Map.of("height", size.rows(), "width", size.columns()));
    }
    map.put("user", Map.of("uid", 0, "gid", 0));
    map.put("args", process.command());
    map.put("env", environment(process));
    map.put("cwd", "/");
    map.put(
        "capabilities",
        Map.of("bounding", capabilities, "effective", capabilities, "permitted", capabilities));
    map.put("noNewPrivileges", false);
    oomScore.given().ifPresent(score -> map.put("oomScoreAdj", score));
    return map;
  }

  /** The whole environment of a process: the container's own and what it brings. */
  List<String> environment(ProcessSpec process) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    variables.put("HOME", "/root");
    variables.put("SHELL", "/bin/bash");
    variables.put("LANG", "C.UTF-8");
    variables.put("HOSTNAME", spec.hostname());
    variables.put("LIFELINE_WORKER", spec.hostname());
    variables.put("LIFELINE_ROOT", spec.rootMountPath());
    if (process.tty()) {
      variables.put("TERM", "xterm");
    }
    variables.putAll(spec.environment());
    variables.putAll(process.environment());
    List<String> lines = new ArrayList<>();
    variables.forEach((name, value) -> lines.add(name + "=" + value));
    return lines;
  }

  private List<Map<String, Object>> mounts(Recordings recordings) {
    String scratch = "size=%dm".formatted(scratchMebibytes);
    return List.of(
        // First, or it would take copies of the mounts that come after it along.
        mount(spec.rootMountPath(), "bind", "/", "rbind", "rslave"),
        mount("/proc", "proc", "proc", "nosuid", "nodev", "noexec"),
        mount("/sys", "bind", "/sys", "rbind", "rslave"),
        mount("/dev", "bind", "/dev", "rbind", "rslave"),
        // A set of terminals of its own, so that a shell's tty is found under its name.
        mount(
            "/dev/pts",
            "devpts",
            "devpts",
            "nosuid",
            "noexec",
            "newinstance",
            "ptmxmode=0666",
            "mode=0620"),
        mount("/tmp", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=1777", scratch),
        mount("/run", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=0755", scratch),
        // For 'kubectl cp'; what is written down is not for those to change who are in it.
        mount(
            "/run/lifeline/recordings",
            "bind",
            recordings.path(),
            "bind",
            "ro",
            "nosuid",
            "nodev",
            "noexec"));
  }

  private static Map<String, Object> mount(
      String destination, String type, String source, String... options) {
    Map<String, Object> mount = new LinkedHashMap<>();
    mount.put("destination", destination);
    mount.put("type", type);
    mount.put("source", source);
    mount.put("options", List.of(options));
    return mount;
  }
}

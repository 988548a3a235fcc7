package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.linux.ProcessStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The processes whose end somebody waits for. Kept on the tmpfs too, because two instances of this
 * bundle may live in one process while one replaces the other.
 */
public final class Awaited {

  private final Path directory;
  private final Set<Integer> own = ConcurrentHashMap.newKeySet();

  /**
   * @param directory where the names of the processes are kept
   */
  public Awaited(Path directory) {
    this.directory = directory;
  }

  public void add(int pid) {
    own.add(pid);
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve(Integer.toString(pid)), "");
    } catch (IOException e) {
      // The tmpfs is full: then only this instance knows, which is nearly always enough.
    }
  }

  public void remove(int pid) {
    own.remove(pid);
    try {
      Files.deleteIfExists(directory.resolve(Integer.toString(pid)));
    } catch (IOException e) {
      // It is removed with the directory when the agent starts anew.
    }
  }

  boolean contains(int pid) {
    return own.contains(pid) || Files.exists(directory.resolve(Integer.toString(pid)));
  }

  /** Forgets the processes of an earlier life of the agent: they are nobody's children here. */
  void forgetOthers() {
    int self = (int) ProcessHandle.current().pid();
    String[] names = directory.toFile().list();
    for (String name : names == null ? new String[0] : names) {
      int pid = Integer.parseInt(name);
      if (ProcessStat.of(pid).filter(stat -> stat.parent() == self).isEmpty()) {
        remove(pid);
      }
    }
  }
}

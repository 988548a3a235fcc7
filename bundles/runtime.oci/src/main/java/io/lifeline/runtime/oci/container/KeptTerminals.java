package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.linux.Fd;
import io.lifeline.runtime.oci.linux.ProcessStat;
import io.lifeline.runtime.oci.linux.Signals;
import io.lifeline.runtime.oci.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Terminals that outlive this process. The master of each is also the standard input of a process
 * that sleeps in the container: as long as that lives nobody is hung up, and the agent's next life
 * takes the master from it. A file beside the container's own says who is who; all of it goes with
 * the container.
 */
final class KeptTerminals {

  private static final int SIGKILL = 9;
  private static final int STANDARD_INPUT = 0;

  private final Path directory;
  private final InsideStarter inside;

  KeptTerminals(Path directory, InsideStarter inside) {
    this.directory = directory;
    this.inside = inside;
  }

  /** A process, also when its number has been given to another since. */
  private record Known(int pid, long startTicks) {

    static Known of(int pid) {
      return new Known(pid, ProcessStat.of(pid).map(ProcessStat::startTicks).orElse(0L));
    }

    boolean alive() {
      return ProcessStat.of(pid)
          .filter(stat -> stat.startTicks() == startTicks && stat.state() != 'Z')
          .isPresent();
    }

    void kill() {
      if (alive()) {
        Signals.send(pid, SIGKILL);
      }
    }
  }

  /** A process and who holds its terminal, as the file has it. */
  private record Kept(Known process, Known holder) {

    static Kept read(String line) {
      String[] words = line.strip().split(" ", -1);
      return new Kept(
          new Known(Integer.parseInt(words[0]), Long.parseLong(words[1])),
          new Known(Integer.parseInt(words[2]), Long.parseLong(words[3])));
    }

    String line() {
      return "%d %d %d %d\n"
          .formatted(process.pid, process.startTicks, holder.pid, holder.startTicks);
    }
  }

  /**
   * A process that was taken over.
   *
   * @param master of its terminal
   */
  record Taken(int pid, Fd master) {}

  void keep(RunningProcess process, String name) throws IOException, InterruptedException {
    Optional<Fd> master = process.master();
    if (master.isEmpty()) {
      return;
    }
    Known holder;
    try (Fd held = master.get()) {
      holder = Known.of(inside.holding(held));
    }
    try {
      // Whether the kernel lets anybody take it back: else the next life had nothing of it.
      Fd.ofProcess(holder.pid(), STANDARD_INPUT).close();
      Files.createDirectories(directory);
      Kept kept = new Kept(Known.of(process.pid()), holder);
      Files.writeString(directory.resolve(name), kept.line());
    } catch (IOException e) {
      holder.kill();
      throw e;
    }
    process.whenClosed(() -> letGo(name, holder));
  }

  /** Empty when there is none of this name, or it has ended. */
  Optional<Taken> take(String name) throws IOException {
    Kept kept;
    try {
      kept = Kept.read(Files.readString(directory.resolve(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IOException("what is kept of " + name + " was not written whole", e);
    }
    if (!kept.process().alive() || !kept.holder().alive()) {
      letGo(name, kept.holder());
      return Optional.empty();
    }
    return Optional.of(
        new Taken(kept.process().pid(), Fd.ofProcess(kept.holder().pid(), STANDARD_INPUT)));
  }

  /** The same for one that was taken: it is kept on until its streams are closed. */
  void goesOn(RunningProcess process, String name) throws IOException {
    Known holder = Kept.read(Files.readString(directory.resolve(name))).holder();
    process.whenClosed(() -> letGo(name, holder));
  }

  private void letGo(String name, Known holder) {
    holder.kill();
    try {
      Files.deleteIfExists(directory.resolve(name));
    } catch (IOException e) {
      // It goes with the container's directory; who reads it sees that the process has ended.
    }
  }
}

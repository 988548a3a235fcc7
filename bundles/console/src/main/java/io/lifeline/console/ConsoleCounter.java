package io.lifeline.console;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console of a process without a terminal: a named pipe in a folder that is for this process's
 * user alone. {@code bin/lifeline-client} writes a line, the reply's name and a command; the reply
 * is a file beside the pipe, its first line the exit code. One command after the other, on the
 * thread of {@link #run}.
 */
final class ConsoleCounter implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ConsoleCounter.class);
  private static final Pattern LINE = Pattern.compile("(reply-[0-9]{1,20}) (.{1,2000})");
  private static final int MOST_BYTES = 1 << 20;

  private final SessionFactory shells;
  private final Path folder;
  private volatile boolean over;

  /**
   * @param folder with a pipe {@code in}, which bin/lifeline has made
   */
  ConsoleCounter(SessionFactory shells, Path folder) {
    this.shells = shells;
    this.folder = folder;
  }

  @Override
  public void run() {
    // Opened for both, a pipe neither waits for its first writer nor ends with its last.
    try (RandomAccessFile pipe = new RandomAccessFile(folder.resolve("in").toFile(), "rw");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new FileInputStream(pipe.getFD()), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null && !over; line = lines.readLine()) {
        answer(line);
      }
    } catch (IOException e) {
      LOG.warn("bin/lifeline-client is not answered: {}", e.toString());
    }
  }

  /** Wakes the thread, which waits for a line. */
  void close() {
    over = true;
    try (RandomAccessFile pipe = new RandomAccessFile(folder.resolve("in").toFile(), "rw")) {
      pipe.write('\n');
    } catch (IOException e) {
      LOG.debug("The console's pipe has gone", e);
    }
  }

  private void answer(String line) throws IOException {
    Matcher asked = LINE.matcher(line);
    if (!asked.matches()) {
      return;
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int code;
    try (PrintStream out = new Bounded(said)) {
      code = execute(asked.group(2), out);
    }
    Path reply = folder.resolve(asked.group(1));
    Path beside = folder.resolve(asked.group(1) + ".new");
    try (var file = Files.newOutputStream(beside)) {
      file.write((code + "\n").getBytes(StandardCharsets.US_ASCII));
      said.writeTo(file);
    }
    Files.move(beside, reply, StandardCopyOption.ATOMIC_MOVE);
  }

  private int execute(String command, PrintStream out) {
    Session session = shells.create(InputStream.nullInputStream(), out, out);
    try {
      session.put("USER", "client");
      @Nullable Object result = session.execute(command);
      if (result != null) {
        out.println(result);
      }
      return 0;
    } catch (Exception e) {
      out.println(e.getMessage() == null ? e.toString() : e.getMessage());
      return 1;
    } finally {
      session.close();
    }
  }

  /** Forgets what is too much. */
  private static final class Bounded extends PrintStream {

    private final ByteArrayOutputStream to;

    Bounded(ByteArrayOutputStream to) {
      super(to, true, StandardCharsets.UTF_8);
      this.to = to;
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
      super.write(bytes, from, Math.min(count, Math.max(0, MOST_BYTES - to.size())));
    }
  }
}

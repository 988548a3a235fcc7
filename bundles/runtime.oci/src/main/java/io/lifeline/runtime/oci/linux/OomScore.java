package io.lifeline.runtime.oci.linux;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the processes of a container have as {@code oom_score_adj}, see proc(5). The kubelet gives
 * the agent's pod -997, which is nearly never killed: what a person starts must not have that from
 * it, or a runaway command would stay and the worker's own processes go. So it has 0 there, as
 * sshd(8) gives to shells. An agent that has more than 0 passes it on: to go below its own a
 * process needs a capability that a machine may deny.
 *
 * @param given empty when a process keeps what the agent has
 */
public record OomScore(OptionalInt given) {

  private static final Logger LOG = LoggerFactory.getLogger(OomScore.class);
  private static final Path OWN = Path.of("/proc/self/oom_score_adj");

  /** For the processes of people, beside this one's own. */
  public static OomScore besideOwn() {
    try {
      return beside(Integer.parseInt(Files.readString(OWN).strip()));
    } catch (IOException | NumberFormatException e) {
      LOG.warn(
          "{} is not known: what people start is killed as late as the agent when memory runs out:"
              + " {}",
          OWN,
          e.getMessage());
      return asIs();
    }
  }

  /** Processes keep what they have from this one. */
  static OomScore asIs() {
    return new OomScore(OptionalInt.empty());
  }

  static OomScore beside(int own) {
    return own < 0 ? new OomScore(OptionalInt.of(0)) : asIs();
  }

  /**
   * Gives it to a process that has just been spawned, and to what that one starts from then on. No
   * process is born with it: what its program starts in its very first instants, before it is even
   * linked, may have the agent's. Nothing when it has ended. Loads no class after its first call.
   */
  void give(int pid) {
    if (given.isEmpty()) {
      return;
    }
    byte[] digits = Integer.toString(given.getAsInt()).getBytes(StandardCharsets.US_ASCII);
    try (Memory text = new Memory(digits.length);
        Fd file = Fd.open("/proc/" + pid + "/oom_score_adj")) {
      text.write(0, digits, 0, digits.length);
      file.write(text, digits.length);
    } catch (SystemCallException e) {
      // It has ended, or goes on with what it has: no reason not to have it.
    }
  }
}

package io.lifeline.itests.e2e.upgrade;

import com.sun.tools.attach.VirtualMachine;

/** {@code java Attach PID JAR FOLDER}: loads the probe into the agent, on the agent's machine. */
public final class Attach {

  private Attach() {}

  public static void main(String... words) throws Exception {
    VirtualMachine machine = VirtualMachine.attach(words[0]);
    try {
      machine.loadAgent(words[1], words[2]);
    } finally {
      machine.detach();
    }
  }
}

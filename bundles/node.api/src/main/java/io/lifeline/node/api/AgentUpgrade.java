package io.lifeline.node.api;

import java.nio.file.Path;
import java.util.List;

/**
 * Replaces the agent's implementation bundles while people work through it. Any thread; one upgrade
 * at a time.
 *
 * <p>A release is a folder of bundles with a {@code SHA256SUMS} beside them, as {@code sha256sum}
 * writes it, one line for each file and nothing else in the folder. Its version is that of its
 * bundles, which must all have the same. A bundle of ours that does not run here (the SSH front end
 * where it is not wanted) is left out; so is one that runs in that version already.
 */
public interface AgentUpgrade {

  /**
   * A release that was checked against its pin and resolves.
   *
   * @param version the version of its bundles
   * @param replaced symbolic names of the bundles that will be replaced, in that order
   * @param effects a sentence for each bundle whose replacing somebody will notice, with what
   */
  record Plan(String version, Path folder, List<String> replaced, List<String> effects) {

    public Plan {
      replaced = List.copyOf(replaced);
      effects = List.copyOf(effects);
    }
  }

  /** The version of the bundles that run; when they have several, all of them, parted by ", ". */
  String running();

  /** The versions that can be had without bringing a release: what runs, and what ran before. */
  List<String> versions();

  /**
   * Checks a release, and touches nothing.
   *
   * @param pin the SHA-256 of its {@code SHA256SUMS}, in hexadecimal
   * @throws UpgradeException when a checksum is another, a file is missing or too many, or it does
   *     not resolve here
   */
  Plan plan(Path release, String pin) throws UpgradeException;

  /**
   * Replaces what the plan names, one bundle after the other; what is served goes on. Returns when
   * every component is up again.
   *
   * @throws UpgradeException when a component did not come up; what ran before runs again
   */
  void apply(Plan plan) throws UpgradeException, InterruptedException;

  /**
   * Puts back what ran before the last upgrade of this process.
   *
   * @return the version that runs now
   * @throws UpgradeException when there was none
   */
  String rollback() throws UpgradeException, InterruptedException;
}

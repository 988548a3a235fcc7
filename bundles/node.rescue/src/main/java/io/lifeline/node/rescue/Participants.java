package io.lifeline.node.rescue;

import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescueParticipant.Stage;
import io.lifeline.node.api.RescueSignals;
import io.lifeline.node.api.RescueStepException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who takes part, and who of them has begun.
 *
 * <p>{@link #add}, {@link #remove} and {@link #lost} come from any thread; {@link #begin} and
 * {@link #end} from the rescue's own.
 */
final class Participants {

  private static final Logger LOG = LoggerFactory.getLogger(Participants.class);

  private final List<RescueParticipant> bound = new CopyOnWriteArrayList<>();
  private final Set<RescueParticipant> begun = ConcurrentHashMap.newKeySet();

  void add(RescueParticipant participant) {
    bound.add(participant);
  }

  void remove(RescueParticipant participant) {
    bound.remove(participant);
    begun.remove(participant);
  }

  void lost(RescueParticipant participant) {
    begun.remove(participant);
  }

  /**
   * Begins, in the order of the stages, whoever has not begun.
   *
   * @throws RescueStepException when a stage has nobody, or one of them cannot begin
   */
  void begin(NodeCredential credential, RescueSignals signals)
      throws RescueStepException, InterruptedException {
    for (Stage stage : Stage.values()) {
      if (bound.stream().noneMatch(participant -> participant.stage() == stage)) {
        throw new RescueStepException(
            "no bundle is there for the stage "
                + stage
                + ": start it again, for instance feature:install "
                + feature(stage));
      }
    }
    for (RescueParticipant participant : inOrder()) {
      if (!begun.contains(participant)) {
        begin(participant, credential, signals);
      }
    }
  }

  /** While a person decides: see {@link RescueParticipant#rehearse}. Any thread. */
  void rehearse() {
    for (RescueParticipant participant : inOrder()) {
      try {
        participant.rehearse();
      } catch (RuntimeException e) {
        LOG.warn("the rehearsal of {} failed: {}", participant.stage(), e.toString());
      }
    }
  }

  /** Counted before it begins: what it loses while it does is not forgotten. */
  private void begin(
      RescueParticipant participant, NodeCredential credential, RescueSignals signals)
      throws RescueStepException, InterruptedException {
    begun.add(participant);
    boolean done = false;
    try {
      participant.begin(credential, signals);
      done = true;
    } finally {
      if (!done) {
        begun.remove(participant);
      }
    }
  }

  /** Whether somebody is bound who has not begun. */
  boolean anybodyWaits() {
    return !begun.containsAll(bound);
  }

  /** Whether people have had their time; false when the end was called off meanwhile. */
  boolean farewell(RescueEnd end, BooleanSupplier calledOff) {
    List<RescueParticipant> reversed = inOrder();
    Collections.reverse(reversed);
    return reversed.stream().allMatch(participant -> participant.farewell(end, calledOff));
  }

  /** Ends everybody in reverse order: also who failed to begin may have something to undo. */
  void end(RescueEnd end) {
    List<RescueParticipant> reversed = inOrder();
    Collections.reverse(reversed);
    reversed.forEach(participant -> participant.end(end));
    begun.clear();
  }

  private List<RescueParticipant> inOrder() {
    List<RescueParticipant> ordered = new ArrayList<>(bound);
    ordered.sort(Comparator.comparing(RescueParticipant::stage));
    return ordered;
  }

  private static String feature(Stage stage) {
    return switch (stage) {
      case GUARD -> "lifeline-security-delegated";
      case DOOR -> "lifeline-kubelet-server";
      case NODE -> "lifeline-node-backup";
      case POD -> "lifeline-debugpod";
    };
  }
}

package io.lifeline.itests.wiring;

import java.util.Set;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

/** The agent in the distribution. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class AgentRoleTest extends RoleTest {

  static final Set<String> IMPLEMENTATIONS =
      Set.of(
          "io.lifeline.security.pki",
          "io.lifeline.security.delegated",
          "io.lifeline.node.worker",
          "io.lifeline.node.monitor",
          "io.lifeline.node.rollout",
          "io.lifeline.node.credential",
          "io.lifeline.node.backup",
          "io.lifeline.node.rescue",
          "io.lifeline.node.upgrade",
          "io.lifeline.debugpod",
          "io.lifeline.runtime.oci",
          "io.lifeline.session.engine",
          "io.lifeline.kubelet.streaming",
          "io.lifeline.kubelet.server");

  @Configuration
  public Option[] configuration() {
    return distribution("agent");
  }

  @Override
  Set<String> implementations() {
    return IMPLEMENTATIONS;
  }
}

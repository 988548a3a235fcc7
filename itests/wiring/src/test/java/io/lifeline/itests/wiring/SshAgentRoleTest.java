package io.lifeline.itests.wiring;

import java.util.Set;
import java.util.TreeSet;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

/** The agent with the SSH front end, as LIFELINE_SSH=true starts it. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SshAgentRoleTest extends RoleTest {

  @Configuration
  public Option[] configuration() {
    return distribution(
        "agent",
        "lifeline-agent,lifeline-ssh-server",
        CoreOptions.environment("LIFELINE_SSH_SERVER_TRUSTED_CA=/nonexistent/ca.pub"));
  }

  @Override
  Set<String> implementations() {
    Set<String> all = new TreeSet<>(AgentRoleTest.IMPLEMENTATIONS);
    all.add("io.lifeline.ssh.server");
    return all;
  }
}

package io.lifeline.itests.wiring;

import java.util.Set;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

/** The proxy in the distribution. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ProxyRoleTest extends RoleTest {

  @Configuration
  public Option[] configuration() {
    return distribution("proxy");
  }

  @Override
  Set<String> implementations() {
    return Set.of("io.lifeline.proxy", "io.lifeline.security.pki");
  }
}

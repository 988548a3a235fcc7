package io.lifeline.itests.wiring;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.environment;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.doNotModifyLogConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.Before;
import org.junit.Test;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.ProbeBuilder;
import org.ops4j.pax.exam.TestProbeBuilder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * What every role must be inside the distribution, asked of the running framework itself.
 *
 * <p>Its subclasses name the role. The distribution is the one that is shipped; only what Pax Exam
 * itself needs is added.
 */
public abstract class RoleTest {

  private static final long PATIENCE_SECONDS = 30;

  /** They may be wired to: their types are spoken by all. */
  private static final Set<String> CONTRACTS =
      Set.of(
          "io.lifeline.config",
          "io.lifeline.security.api",
          "io.lifeline.session.api",
          "io.lifeline.node.api",
          "io.lifeline.kubelet.api",
          "io.lifeline.crd",
          "io.lifeline.release.api",
          "io.lifeline.kubernetes");

  @Inject BundleContext context;
  @Inject ServiceComponentRuntime components;

  static Option[] distribution(String role, Option... more) {
    return distribution(role, "lifeline-" + role, more);
  }

  /**
   * @param features what bin/lifeline would have chosen for it
   */
  static Option[] distribution(String role, String features, Option... more) {
    File archive = new File("../../karaf-assembly/target/lifeline-0.1.0.tar.gz");
    List<Option> options = new ArrayList<>();
    options.add(
        karafDistributionConfiguration()
            .frameworkUrl(archive.toURI().toString())
            .karafVersion("4.4.10")
            .unpackDirectory(new File("target/exam"))
            .useDeployFolder(false));
    // An API server that never answers, and a state folder below the build's.
    options.add(
        environment("KUBECONFIG=" + new File("target/test-classes/kubeconfig").getAbsolutePath()));
    options.add(
        environment("LIFELINE_NODE_WORKER_STATE=" + new File("target/state").getAbsolutePath()));
    options.add(environment("LIFELINE_NODE_WORKER_ROOT=/"));
    options.add(configureConsole().ignoreLocalConsole().ignoreRemoteShell());
    options.add(doNotModifyLogConfiguration());
    options.add(systemProperty("lifeline.role").value(role));
    options.add(systemProperty("lifeline.features").value(features));
    // Pax Exam's own bundles are not in the distribution.
    String repository = System.getProperty("maven.repo.local", home(".m2/repository"));
    options.add(
        editConfigurationFilePut(
            "etc/org.ops4j.pax.url.mvn.cfg",
            "org.ops4j.pax.url.mvn.defaultRepositories",
            "file:${karaf.home}/system@id=system.repository,file:"
                + repository
                + "@id=exam.repository"));
    options.addAll(Arrays.asList(more));
    return options.toArray(Option[]::new);
  }

  private static String home(String path) {
    return System.getProperty("user.home") + "/" + path;
  }

  /**
   * What the tests speak of is imported when the probe is resolved: a dynamic import that is asked
   * for while the framework still resolves others can fail.
   */
  @ProbeBuilder
  public TestProbeBuilder imports(TestProbeBuilder probe) {
    probe.setHeader(
        Constants.IMPORT_PACKAGE,
        "org.osgi.framework,org.osgi.framework.wiring,org.osgi.service.component.runtime,"
            + "org.osgi.service.component.runtime.dto");
    return probe;
  }

  /** The bundles, besides contracts, that the role consists of. */
  abstract Set<String> implementations();

  @Test
  public void theRoleIsThereAndNothingElse() {
    assertEquals(new TreeSet<>(implementations()), names(bundles().filter(b -> !isContract(b))));
  }

  /** The framework may still be on its way up when the first test begins. */
  @Before
  public void awaitStarted() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    BundleListener listener =
        event -> {
          if (notActive().isEmpty()) {
            started.countDown();
          }
        };
    context.addBundleListener(listener);
    try {
      if (!notActive().isEmpty()) {
        started.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } finally {
      context.removeBundleListener(listener);
    }
  }

  @Test
  public void everyBundleIsActive() {
    assertEquals(Set.of(), notActive());
  }

  private Set<String> notActive() {
    return names(
        Arrays.stream(context.getBundles())
            .filter(b -> b.getState() != Bundle.ACTIVE)
            .filter(b -> b.getHeaders().get(Constants.FRAGMENT_HOST) == null));
  }

  @Test
  public void everyComponentIsSatisfied() {
    List<String> unsatisfied = new ArrayList<>();
    int seen = 0;
    for (Bundle bundle : bundles().collect(Collectors.toList())) {
      for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs(bundle)) {
        seen++;
        boolean there =
            components.getComponentConfigurationDTOs(description).stream()
                .anyMatch(
                    c ->
                        c.state == ComponentConfigurationDTO.ACTIVE
                            || c.state == ComponentConfigurationDTO.SATISFIED);
        if (!there) {
          unsatisfied.add(description.name + tellWhy(description));
        }
      }
    }
    assertEquals(List.of(), unsatisfied);
    assertTrue("components: " + seen, seen >= implementations().size());
  }

  private String tellWhy(ComponentDescriptionDTO description) {
    return components.getComponentConfigurationDTOs(description).stream()
        .map(
            c ->
                " lacks "
                    + Arrays.stream(c.unsatisfiedReferences)
                        .map(r -> r.name + " " + r.target)
                        .collect(Collectors.toList())
                    + (c.failure == null ? "" : ": " + c.failure.lines().findFirst().orElse("")))
        .collect(Collectors.joining());
  }

  @Test
  public void nobodyIsWiredToAnImplementation() {
    List<String> wires = new ArrayList<>();
    for (Bundle bundle : bundles().filter(b -> !isContract(b)).collect(Collectors.toList())) {
      for (BundleWire wire : bundle.adapt(BundleWiring.class).getProvidedWires(null)) {
        wires.add(wire.getRequirer().getSymbolicName() + " -> " + bundle.getSymbolicName());
      }
    }
    assertEquals("replacing it would refresh somebody", List.of(), wires);
  }

  @Test
  public void thereIsNoManagementNoRemoteShellAndNoDeployer() {
    Set<String> all = names(Arrays.stream(context.getBundles()));
    assertEquals(
        Set.of(),
        all.stream()
            .filter(
                name ->
                    name.contains("management")
                        || name.contains(".ssh") && !isSshFrontEnd(name)
                        || name.contains("deployer")
                        || name.contains("webconsole")
                        || name.contains("jolokia"))
            .collect(Collectors.toSet()));
  }

  private boolean isSshFrontEnd(String name) {
    return implementations().contains("io.lifeline.ssh.server")
        && Set.of("io.lifeline.ssh.server", "org.apache.sshd.osgi").contains(name);
  }

  @Test
  public void cxfAndJettyAreWhereTheyAreNeededOnly() {
    boolean there =
        names(Arrays.stream(context.getBundles())).stream()
            .anyMatch(name -> name.contains("cxf") || name.contains("jetty"));
    assertEquals(implementations().contains("io.lifeline.proxy"), there);
  }

  @Test
  public void thereAreNoUsersNoKeysAndNoHotDeployFolder() throws IOException {
    Path base = Path.of(System.getProperty("karaf.base"));
    Path etc = Path.of(System.getProperty("karaf.etc"));
    assertFalse(Files.exists(base.resolve("deploy")));
    for (String file : List.of("users.properties", "keys.properties")) {
      try (Stream<String> lines = Files.lines(etc.resolve(file), StandardCharsets.UTF_8)) {
        assertEquals(
            file,
            List.of(),
            lines
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .collect(Collectors.toList()));
      }
    }
  }

  static boolean isContract(Bundle bundle) {
    return CONTRACTS.contains(bundle.getSymbolicName());
  }

  Stream<Bundle> bundles() {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> bundle.getSymbolicName().startsWith("io.lifeline."));
  }

  static Set<String> names(Stream<Bundle> bundles) {
    return bundles.map(Bundle::getSymbolicName).collect(Collectors.toCollection(TreeSet::new));
  }
}

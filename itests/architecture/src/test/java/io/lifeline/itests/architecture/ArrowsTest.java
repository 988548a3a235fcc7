package io.lifeline.itests.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The arrows that {@code bundles/README.md} draws. */
class ArrowsTest {

  private static final int MANY = 150;
  private static final String[] NONE = {};

  /** Bundles that have no class yet. */
  private static final Set<String> STILL_EMPTY = Set.of();

  private static final Map<String, String[]> THIRD_PARTY =
      Map.of(
          "node.api", new String[] {"io.fabric8.kubernetes.api.model.."},
          "crd",
              new String[] {
                "io.fabric8.kubernetes.api..",
                "io.fabric8.kubernetes.model..",
                "io.fabric8.kubernetes.client",
                "io.fabric8.crd.generator.annotation..",
                "io.fabric8.generator.annotation..",
                "com.fasterxml.jackson.."
              },
          "kubelet.api", new String[] {"io.netty.."});

  @Test
  void everyBundleIsSeenWithItsClasses() {
    Map<String, Long> counts = Bundles.counts();

    assertThat(counts).hasSizeGreaterThanOrEqualTo(23);
    assertThat(counts.keySet()).isEqualTo(new TreeSet<>(Bundles.all()));
    assertThat(counts.values().stream().mapToLong(Long::longValue).sum())
        .as("classes in all: %s", counts)
        .isGreaterThan(MANY);
    Map<String, Long> empty = new TreeMap<>(counts);
    empty.values().removeIf(count -> count > 0);
    assertThat(empty.keySet()).as("bundles without a class").isSubsetOf(STILL_EMPTY);
  }

  @Test
  void noImplementationKnowsAnother() {
    for (String bundle : Bundles.implementations()) {
      TreeSet<String> others = new TreeSet<>(Bundles.implementations());
      others.remove(bundle);
      check(
          noClasses()
              .that()
              .resideInAPackage("io.lifeline." + bundle + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(Bundles.packagesOf(others))
              .because("implementations know contracts only"),
          STILL_EMPTY.contains(bundle));
    }
  }

  @Test
  void aContractKnowsContractsAndTheJdkOnly() {
    for (String contract : Bundles.CONTRACTS) {
      check(
          classes()
              .that()
              .resideInAPackage("io.lifeline." + contract + "..")
              .should()
              .onlyDependOnClassesThat(
                  resideInAnyPackage("java..", "javax.net.ssl..", "javax.security.auth.x500..")
                      .or(resideInAnyPackage(Bundles.packagesOf(Bundles.CONTRACTS)))
                      .or(resideInAnyPackage("org.jspecify..", "org.osgi.annotation.."))
                      .or(resideInAnyPackage(THIRD_PARTY.getOrDefault(contract, NONE)))
                      .or(arraysAndPrimitives())),
          false);
    }
  }

  @Test
  void contractsHaveNoCircle() {
    check(slices().matching("io.lifeline.(*.api|config|crd)..").should().beFreeOfCycles(), false);
  }

  @Test
  void theSharedBundlesKnowNoImplementation() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lifeline.kubernetes..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(Bundles.packagesOf(Bundles.implementations())),
        false);
  }

  @Test
  void onlyTheRuntimeStartsProcesses() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.lifeline.runtime.oci..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(ProcessBuilder.class, Process.class)
            .orShould()
            .callMethod(Runtime.class, "exec", String.class)
            .orShould()
            .callMethod(Runtime.class, "exec", String[].class)
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna.."),
        false);
  }

  @Test
  void onlyKubernetesBuildsClients() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.lifeline.kubernetes..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                "io\\.fabric8\\.kubernetes\\.client\\."
                    + "(KubernetesClientBuilder|DefaultKubernetesClient|Config|ConfigBuilder)"),
        false);
  }

  @Test
  void onlyThePkiTouchesBouncyCastle() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.lifeline.security.pki..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle.."),
        false);
  }

  @Test
  void nobodyPrints() {
    check(
        noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err"),
        false);
  }

  private static DescribedPredicate<JavaClass> arraysAndPrimitives() {
    return DescribedPredicate.describe("arrays", type -> type.isArray() || type.isPrimitive());
  }

  private static void check(ArchRule rule, boolean mayBeEmpty) {
    rule.allowEmptyShould(mayBeEmpty).check(Bundles.CLASSES);
  }
}

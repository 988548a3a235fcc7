package io.lifeline.itests.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Helm chart says what the plain manifests say, and its values reach what they name. */
class ChartTest {

  private static final Path REMOVAL = Project.MANIFESTS.resolve("removal");

  private static final String EVERYTHING =
      "[\"policy/v1/PodDisruptionBudget\","
          + "\"admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy\"]";

  @TempDir static Path folder;
  private static Path chart;
  private static Map<String, Object> values;

  @BeforeAll
  static void made() throws Exception {
    Project.run(Project.CHART.resolve("build.sh").toString(), folder.toString());
    chart = folder.resolve("lifeline");
    values = Project.map(Project.documents(Project.text(chart.resolve("values.yaml"))).get(0));
  }

  @Test
  void withItsOwnValuesTheChartIsThePlainManifests() {
    PlainReading reading = new PlainReading(values);
    for (Path manifest : manifests()) {
      String template = Project.text(template(manifest));
      assertThat(Project.documents(reading.of(template)))
          .as(manifest.getFileName().toString())
          .isEqualTo(Project.documents(Project.text(manifest)));
    }
    assertThat(Project.files(chart.resolve("templates"), ".yaml")).hasSameSizeAs(manifests());
  }

  @Test
  void whatIsDoneBeforeTheRestIsDeletedIsAHookAndNothingElseIs() {
    PlainReading reading = new PlainReading(values);
    for (Path manifest : manifests()) {
      for (Object each : Project.documents(reading.of(Project.text(template(manifest))))) {
        Map<String, Object> object = Project.map(each);
        Map<String, Object> metadata = Project.map(object.get("metadata"));
        Map<String, Object> annotations =
            Project.map(metadata.getOrDefault("annotations", Map.of()));
        if (!manifest.startsWith(REMOVAL)) {
          assertThat(annotations).as("%s", metadata).doesNotContainKey("helm.sh/hook");
          continue;
        }
        assertThat(annotations)
            .containsEntry("helm.sh/hook", "pre-delete")
            .containsEntry("helm.sh/hook-delete-policy", "before-hook-creation,hook-succeeded");
        // What has no weight comes first: the Job needs its rights.
        assertThat(annotations.get("helm.sh/hook-weight"))
            .isEqualTo(object.get("kind").equals("Job") ? "1" : null);
      }
    }
    assertThat(Project.files(REMOVAL, ".yaml")).isNotEmpty();
  }

  @Test
  void everyValueIsUsedAndEveryUsedOneIsThere() {
    Pattern value = Pattern.compile("\\.Values\\.([A-Za-z.]+)");
    Set<String> used = new TreeSet<>();
    for (Path template : Project.files(chart.resolve("templates"), "")) {
      value.matcher(Project.text(template)).results().forEach(match -> used.add(match.group(1)));
    }
    assertThat(used).containsExactlyInAnyOrderElementsOf(settable());
  }

  @Test
  void theSchemaKnowsEveryValue() {
    Object schema = Project.documents(Project.text(chart.resolve("values.schema.json"))).get(0);
    assertThat(described("", schema)).containsExactlyInAnyOrderElementsOf(settable());
  }

  @Test
  void twoBuildsAreTheSameBytes() throws Exception {
    Path one = folder.resolve("one.tgz");
    Path other = folder.resolve("other.tgz");
    Project.run(Project.CHART.resolve("build.sh").toString(), one.toString());
    Project.run(Project.CHART.resolve("build.sh").toString(), other.toString());
    assertThat(Files.mismatch(one, other)).isEqualTo(-1);
  }

  @Test
  void theEngineThatHelmIsMadeOfReadsIt() throws Exception {
    String said = rendered(json(values), EVERYTHING);
    assertThat(Project.documents(said))
        .isEqualTo(
            manifests().stream()
                .flatMap(each -> Project.documents(Project.text(each)).stream())
                .toList());
  }

  @Test
  void otherValuesArriveEverywhere() throws Exception {
    String other =
        json(values)
            .replace("lifeline.local/lifeline:0.1.0", "registry.example/debug/lifeline@sha256:00ff")
            .replace("lifeline-system", "rescue")
            .replace("lifeline-bootstrap", "rescue-bootstrap")
            .replace("30843", "31999")
            .replace("\"ssh\":false", "\"ssh\":true")
            .replaceFirst("\"env\":\\{}", "\"env\":{\"LIFELINE_LOG_LEVEL\":\"DEBUG\"}");
    String said = rendered(other, EVERYTHING);
    assertThat(said.replaceAll("(?m)#.*$", ""))
        .contains("registry.example/debug/lifeline@sha256:00ff", "\"31999\"", "\"DEBUG\"")
        .contains("{name: LIFELINE_SSH, value: \"true\"}")
        .doesNotContain(
            "lifeline.local", "lifeline-system", "30843", "namespace: lifeline-bootstrap");
    assertThat(Project.documents(said))
        .hasSameSizeAs(Project.documents(rendered(json(values), EVERYTHING)));
  }

  @Test
  void anOlderClusterGetsWhatItKnows() throws Exception {
    assertThat(rendered(json(values), "[]"))
        .contains("policy/v1beta1")
        .doesNotContain("policy/v1\n", "kind: ValidatingAdmissionPolicy");
  }

  /** As they are named in the chart: the folders one after the other. */
  private static List<Path> manifests() {
    List<Path> manifests = new ArrayList<>(Project.files(Project.MANIFESTS, ".yaml"));
    manifests.addAll(Project.files(Project.MANIFESTS.resolve("policies"), ".yaml"));
    manifests.addAll(Project.files(REMOVAL, ".yaml"));
    return manifests;
  }

  private static Path template(Path manifest) {
    return chart.resolve("templates").resolve(manifest.getFileName().toString());
  }

  private static String rendered(String values, String versions)
      throws IOException, InterruptedException {
    assumeTrue(onPath("go"), "Go is not installed here");
    Path root = folder.resolve("root.json");
    Files.writeString(
        root,
        """
        {"Values": %s, "Release": {"Name": "lifeline", "Namespace": "default"},
         "Capabilities": {"APIVersions": %s}}
        """
            .formatted(values, versions));
    List<String> command =
        new ArrayList<>(
            List.of(
                "go",
                "run",
                Project.HOME.resolve("itests/install/src/test/go/render.go").toString(),
                root.toString()));
    manifests().forEach(manifest -> command.add(template(manifest).toString()));
    return Project.run(command.toArray(String[]::new));
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String json(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(each -> json(each.getKey()) + ":" + json(each.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    return value instanceof String text ? '"' + text + '"' : value.toString();
  }

  /** Every value's path; resources are one. */
  private static Set<String> settable() {
    return leaves("", values)
        .map(leaf -> leaf.replaceFirst("(\\.resources).*", "$1"))
        .collect(Collectors.toSet());
  }

  /** Paths of what is no map, or an empty one. */
  private static Stream<String> leaves(String path, Object value) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      return map.entrySet().stream()
          .flatMap(
              each ->
                  leaves(
                      path.isEmpty() ? "" + each.getKey() : path + "." + each.getKey(),
                      each.getValue()));
    }
    return Stream.of(path);
  }

  /** Paths of what the schema describes without naming properties of its own. */
  private static Stream<String> described(String path, Object schema) {
    Object properties = Project.map(schema).get("properties");
    if (properties == null) {
      return Stream.of(path);
    }
    return Project.map(properties).entrySet().stream()
        .flatMap(
            each ->
                described(
                    path.isEmpty() ? each.getKey() : path + "." + each.getKey(), each.getValue()));
  }
}

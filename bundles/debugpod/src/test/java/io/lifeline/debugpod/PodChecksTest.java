package io.lifeline.debugpod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.lifeline.session.api.ContainerInput;
import io.lifeline.session.api.ContainerSpec;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodChecksTest {

  private final PodChecks checks = new PodChecks(new PodSettings("default", "/host"));

  static PodBuilder debugPod() {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("debug-pod")
        .withUid("u1")
        .withCreationTimestamp("2026-01-01T00:00:00Z")
        .endMetadata()
        .withNewSpec()
        .withHostNetwork(true)
        .withHostPID(true)
        .addNewVolume()
        .withName("worker")
        .withNewHostPath("/", "")
        .endVolume()
        .addNewVolume()
        .withName("default-token-x7k2p")
        .withNewSecret()
        .withSecretName("default-token-x7k2p")
        .endSecret()
        .endVolume()
        .addNewContainer()
        .withName("debug")
        .withImage("anything")
        .withNewSecurityContext()
        .withPrivileged(true)
        .endSecurityContext()
        .addNewVolumeMount()
        .withName("worker")
        .withMountPath("/host")
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("default-token-x7k2p")
        .withMountPath("/var/run/secrets/kubernetes.io/serviceaccount")
        .endVolumeMount()
        .endContainer()
        .endSpec();
  }

  private List<String> failures(UnaryOperator<PodBuilder> change) {
    Pod pod = change.apply(debugPod()).build();
    return checks.failures(pod);
  }

  @Test
  void theDebugPodIsAcceptedAndItsTokenVolumeIgnored() {
    assertThat(failures(pod -> pod)).isEmpty();
    assertThat(
            failures(
                pod ->
                    pod.editSpec()
                        .addNewVolume()
                        .withName("kube-api-access-abcde")
                        .withNewProjected()
                        .addNewSource()
                        .withNewServiceAccountToken("", 3607L, "token")
                        .endSource()
                        .endProjected()
                        .endVolume()
                        .endSpec()))
        .isEmpty();
  }

  @Test
  void eachCheckOfFigure7BIsNamed() {
    assertThat(failures(pod -> pod.editSpec().withHostNetwork(false).endSpec()))
        .singleElement()
        .asString()
        .contains("hostNetwork");
    assertThat(failures(pod -> pod.editSpec().withHostPID(null).endSpec()))
        .singleElement()
        .asString()
        .contains("hostPID");
    assertThat(
            failures(
                pod ->
                    pod.editSpec()
                        .editFirstContainer()
                        .editSecurityContext()
                        .withPrivileged(false)
                        .endSecurityContext()
                        .endContainer()
                        .endSpec()))
        .singleElement()
        .asString()
        .contains("not privileged");
    assertThat(failures(pod -> pod.editMetadata().withNamespace("shop").endMetadata()))
        .singleElement()
        .asString()
        .contains("namespace is shop");
    assertThat(
            failures(
                pod ->
                    pod.editSpec()
                        .editFirstVolume()
                        .withNewHostPath("/etc", "")
                        .endVolume()
                        .endSpec()))
        .anyMatch(why -> why.contains("not mounted at /host"));
  }

  @Test
  void everyFailureIsToldAtOnce() {
    assertThat(
            failures(
                pod ->
                    pod.editSpec()
                        .withHostNetwork(false)
                        .withHostPID(false)
                        .endSpec()
                        .editMetadata()
                        .withNamespace("shop")
                        .endMetadata()))
        .hasSize(3);
  }

  @Test
  void nothingButTheWorkersRootIsEverMounted() {
    for (var extra :
        List.of(
            new VolumeBuilder().withName("x").withNewHostPath("/etc", "").build(),
            new VolumeBuilder()
                .withName("x")
                .withNewSecret()
                .withSecretName("admin")
                .endSecret()
                .build(),
            new VolumeBuilder()
                .withName("x")
                .withNewConfigMap()
                .withName("c")
                .endConfigMap()
                .build(),
            new VolumeBuilder().withName("x").withNewEmptyDir().endEmptyDir().build())) {
      assertThat(failures(pod -> pod.editSpec().addToVolumes(extra).endSpec()))
          .as("%s", extra)
          .anyMatch(why -> why.contains("volume x is not the worker's /"));
    }
  }

  @Test
  void aSidecarIsRefused() {
    assertThat(
            failures(
                pod ->
                    pod.editSpec()
                        .addToContainers(
                            new ContainerBuilder()
                                .withName("second")
                                .withNewSecurityContext()
                                .withPrivileged(true)
                                .endSecurityContext()
                                .build())
                        .endSpec()))
        .anyMatch(why -> why.contains("exactly one container"));
    assertThat(
            failures(
                pod ->
                    pod.editSpec()
                        .addToInitContainers(new ContainerBuilder().withName("i").build())
                        .endSpec()))
        .anyMatch(why -> why.contains("exactly one container"));
  }

  @Test
  void variablesFromTheClusterAreRefused() {
    assertThat(
            failures(
                pod ->
                    pod.editSpec()
                        .editFirstContainer()
                        .addNewEnv()
                        .withName("S")
                        .withNewValueFrom()
                        .withNewSecretKeyRef("k", "n", false)
                        .endValueFrom()
                        .endEnv()
                        .endContainer()
                        .endSpec()))
        .anyMatch(why -> why.contains("only plain values"));
  }

  /** What {@code kubectl debug node/w2-debug -it --image=busybox} makes. */
  static PodBuilder ofKubectlDebug() {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("node-debugger-w2-debug-x7k2p")
        .withUid("u2")
        .withCreationTimestamp("2026-01-01T00:00:00Z")
        .endMetadata()
        .withNewSpec()
        .withNodeName("w2-debug")
        .withHostIPC(true)
        .withHostNetwork(true)
        .withHostPID(true)
        .withRestartPolicy("Never")
        .addNewToleration()
        .withOperator("Exists")
        .endToleration()
        .addNewVolume()
        .withName("host-root")
        .withNewHostPath("/", "")
        .endVolume()
        .addNewVolume()
        .withName("kube-api-access-abcde")
        .withNewProjected()
        .addNewSource()
        .withNewServiceAccountToken("", 3607L, "token")
        .endSource()
        .endProjected()
        .endVolume()
        .addNewContainer()
        .withName("debugger")
        .withImage("busybox")
        .withImagePullPolicy("Always")
        .withStdin(true)
        .withTty(true)
        .addNewVolumeMount()
        .withName("host-root")
        .withMountPath("/host")
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("kube-api-access-abcde")
        .withMountPath("/var/run/secrets/kubernetes.io/serviceaccount")
        .endVolumeMount()
        .endContainer()
        .endSpec();
  }

  static PodBuilder ofKubectlDebugSysadmin() {
    return ofKubectlDebug()
        .editMetadata()
        .addToLabels("app.kubernetes.io/managed-by", "kubectl-debug")
        .endMetadata()
        .editSpec()
        .editFirstContainer()
        .withNewSecurityContext()
        .withPrivileged(true)
        .endSecurityContext()
        .endContainer()
        .endSpec();
  }

  @Test
  void thePodOfKubectlDebugWithTheSysadminProfileIsAccepted() {
    Pod pod = ofKubectlDebugSysadmin().build();
    assertThat(checks.failures(pod)).isEmpty();
    ContainerSpec shape = ContainerShape.of(pod, "w2-debug", "/host");
    assertThat(shape.command()).isEmpty();
    assertThat(shape.tty()).isTrue();
    assertThat(shape.input()).isEqualTo(ContainerInput.OPEN);
  }

  @ParameterizedTest
  @CsvSource({"false,false,NONE", "false,true,NONE", "true,false,OPEN", "true,true,ONCE"})
  void theInputOfTheMainProcessIsWhatThePodSays(boolean stdin, boolean once, ContainerInput input) {
    Pod pod = ofKubectlDebugSysadmin().build();
    pod.getSpec().getContainers().get(0).setStdin(stdin);
    pod.getSpec().getContainers().get(0).setStdinOnce(once);
    assertThat(ContainerShape.of(pod, "w2-debug", "/host").input()).isEqualTo(input);
  }

  @Test
  void thePodOfAnOlderKubectlDebugIsToldWhatToDo() {
    assertThat(checks.failures(ofKubectlDebug().build()))
        .singleElement()
        .asString()
        .contains("container debugger is not privileged", "--profile=sysadmin", "1.30")
        .contains("debug-pod.yaml");
  }
}

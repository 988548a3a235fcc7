package io.lifeline.node.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.ReleaseFiles;
import io.lifeline.release.api.AgentRelease;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseStoreTest {

  @TempDir Path folder;

  private final Map<String, String> proxy = new TreeMap<>();
  private int asked;

  private Wish release(String... files) {
    Map<String, String> sums = new TreeMap<>();
    for (String file : files) {
      proxy.put(file, "bytes of " + file);
      sums.put(file, AgentRelease.sha256(proxy.get(file).getBytes(StandardCharsets.UTF_8)));
    }
    AgentRelease release = AgentRelease.of("0.2.0", sums);
    proxy.put(AgentRelease.CHECKSUMS, release.checksums());
    return new Wish("0.2.0", release.pin());
  }

  private ReleaseStore store(Optional<Path> mounted) {
    ReleaseFiles files =
        (version, file, most, to) -> {
          asked++;
          if (!proxy.containsKey(file)) {
            throw new CredentialException(CredentialException.Kind.REFUSED, "no " + file);
          }
          to.write(proxy.get(file).getBytes(StandardCharsets.UTF_8));
        };
    return new ReleaseStore(folder.resolve("releases"), mounted, () -> files);
  }

  @BeforeEach
  void nothingAskedYet() {
    asked = 0;
  }

  @Test
  void aReleaseIsFetchedOnceAndKept() throws Exception {
    Wish wish = release("a.jar", "b.jar");
    Path kept = store(Optional.empty()).fetch(wish);

    assertThat(kept.resolve("a.jar")).hasContent("bytes of a.jar");
    assertThat(kept).isDirectoryContaining(file -> file.endsWith("SHA256SUMS"));
    assertThat(asked).isEqualTo(3);
    assertThat(store(Optional.empty()).here(wish)).contains(kept);
    assertThat(folder.resolve("releases")).isDirectoryNotContaining("glob:**.fetching");
  }

  @Test
  void aFileThatIsNotWhatItsChecksumSaysLeavesNothingBehind() throws IOException {
    Wish wish = release("a.jar", "b.jar");
    proxy.put("b.jar", "something else");

    assertThatThrownBy(() -> store(Optional.empty()).fetch(wish))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("b.jar of the release 0.2.0 is not what its checksum says");
    assertThat(folder.resolve("releases")).isEmptyDirectory();
    assertThat(store(Optional.empty()).here(wish)).isEmpty();
  }

  @Test
  void checksumsThatAreNotThePinnedOnesAreNotRead() throws IOException {
    release("a.jar");
    Wish other = new Wish("0.2.0", "0".repeat(64));

    assertThatThrownBy(() -> store(Optional.empty()).fetch(other))
        .hasMessageContaining("SHA256SUMS")
        .hasMessageContaining("0".repeat(64));
    assertThat(asked).isEqualTo(1);
    assertThat(folder.resolve("releases")).isEmptyDirectory();
  }

  @Test
  void whatWasChangedOnTheTmpfsIsFetchedAgain() throws Exception {
    Wish wish = release("a.jar");
    Path kept = store(Optional.empty()).fetch(wish);
    Files.writeString(kept.resolve("a.jar"), "changed");

    assertThat(store(Optional.empty()).here(wish)).isEmpty();
    assertThat(store(Optional.empty()).fetch(wish).resolve("a.jar")).hasContent("bytes of a.jar");
  }

  @Test
  void aMountedReleaseIsTakenFromThere() throws Exception {
    Path mounted = Files.createDirectories(folder.resolve("mounted/0.2.0"));
    Files.writeString(mounted.resolve("SHA256SUMS"), "");

    assertThat(store(Optional.of(folder.resolve("mounted"))).here(release("a.jar")))
        .contains(mounted);
    assertThat(asked).isZero();
  }

  @Test
  void theOthersAreRemoved() throws Exception {
    store(Optional.empty()).fetch(release("a.jar"));
    Path older = Files.createDirectories(folder.resolve("releases/0.1.5"));
    try (OutputStream out = Files.newOutputStream(older.resolve("a.jar"))) {
      out.write(1);
    }
    store(Optional.empty()).keepOnly("0.2.0");
    assertThat(folder.resolve("releases")).isDirectoryNotContaining("glob:**0.1.5");
    assertThat(folder.resolve("releases")).isDirectoryContaining("glob:**0.2.0");
  }
}

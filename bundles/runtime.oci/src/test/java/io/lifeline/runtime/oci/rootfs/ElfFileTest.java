package io.lifeline.runtime.oci.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfFileTest {

  @TempDir Path directory;

  @Test
  void thisMachinesShellIsRead() throws Exception {
    Path bash = Path.of("/usr/bin/bash");
    assumeTrue(Files.exists(bash), "skipped: no /usr/bin/bash on this machine");
    ElfFile elf = ElfFile.read(bash);
    assertThat(elf.kind().bits()).isEqualTo(64);
    assertThat(elf.interpreter().orElseThrow()).startsWith("/lib").contains("ld-");
    assertThat(elf.needed()).contains("libc.so.6");
  }

  @Test
  void bothWordSizesAndAllEntriesAreRead() throws Exception {
    for (int bits : new int[] {32, 64}) {
      Path file = directory.resolve("elf" + bits);
      new ElfWriter(bits)
          .interpreter("/lib/ld.so")
          .needs("liba.so.1")
          .needs("libb.so.2")
          .soname("me.so")
          .runPath("$ORIGIN/../lib:/opt/x")
          .write(file);
      ElfFile elf = ElfFile.read(file);
      assertThat(elf.kind()).isEqualTo(new ElfFile.Kind(bits, 62));
      assertThat(elf.interpreter()).contains("/lib/ld.so");
      assertThat(elf.needed()).containsExactly("liba.so.1", "libb.so.2");
      assertThat(elf.soname()).contains("me.so");
      assertThat(elf.searched()).containsExactly("$ORIGIN/../lib", "/opt/x");
    }
  }

  @Test
  void aStaticProgramNeedsNothing() throws Exception {
    Path file = directory.resolve("static");
    new ElfWriter(64).write(file);
    ElfFile elf = ElfFile.read(file);
    assertThat(elf.interpreter()).isEmpty();
    assertThat(elf.needed()).isEqualTo(List.of());
  }

  @Test
  void whatIsCutShortOrGarbledIsRefusedByName() throws Exception {
    Path whole = directory.resolve("whole");
    new ElfWriter(64).interpreter("/lib/ld.so").needs("liba.so.1").write(whole);
    byte[] bytes = Files.readAllBytes(whole);
    Path broken = directory.resolve("broken");
    for (int size = 0; size < bytes.length; size += 7) {
      Files.write(broken, java.util.Arrays.copyOf(bytes, size));
      assertThatThrownBy(() -> ElfFile.read(broken))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("broken is not a whole ELF file");
    }
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      byte[] garbled = bytes.clone();
      garbled[4 + random.nextInt(garbled.length - 4)] = (byte) random.nextInt();
      Files.write(broken, garbled);
      try {
        ElfFile.read(broken);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("broken");
      }
    }
  }
}

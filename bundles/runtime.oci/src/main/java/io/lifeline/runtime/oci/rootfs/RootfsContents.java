package io.lifeline.runtime.oci.rootfs;

import java.util.List;

/**
 * What the root filesystem shall hold.
 *
 * @param required programs without which there is no shell: names, or absolute paths of the worker
 * @param optional programs that are taken where the worker has them and there is room
 * @param searched the worker's directories in which names are looked for
 * @param mostBytes how large it may become
 */
public record RootfsContents(
    List<String> required, List<String> optional, List<String> searched, long mostBytes) {

  public RootfsContents {
    required = List.copyOf(required);
    optional = List.copyOf(optional);
    searched = List.copyOf(searched);
  }
}

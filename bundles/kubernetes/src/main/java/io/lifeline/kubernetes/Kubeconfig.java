package io.lifeline.kubernetes;

import io.lifeline.security.api.ApiAccess;
import java.io.IOException;
import java.nio.file.Path;

/** Reads and writes kubeconfig files. */
public interface Kubeconfig {

  /**
   * The current context's access. Files it refers to are read below {@code root}, so that a
   * worker's kubeconfig is read through {@code /proc/1/root}; its exec and auth-provider plugins
   * are refused.
   *
   * @param yaml the kubeconfig's text
   * @param root where this process sees the root directory that the file's paths mean
   * @throws IOException when a file it names cannot be read, or it makes no sense
   */
  ApiAccess parse(String yaml, Path root) throws IOException;

  /** A kubeconfig with one cluster, one user and one context, everything inline. */
  String write(ApiAccess access, String userName);
}

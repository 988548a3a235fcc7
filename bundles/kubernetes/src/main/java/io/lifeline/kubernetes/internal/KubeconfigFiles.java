package io.lifeline.kubernetes.internal;

import io.lifeline.kubernetes.Kubeconfig;
import io.lifeline.security.api.ApiAccess;
import java.io.IOException;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Component;

/** Kubeconfig files for whoever needs one. */
@Component(service = Kubeconfig.class)
public final class KubeconfigFiles implements Kubeconfig {

  @Override
  public ApiAccess parse(String yaml, Path root) throws IOException {
    return KubeconfigReader.below(root).parse(yaml);
  }

  @Override
  public String write(ApiAccess access, String userName) {
    return KubeconfigWriter.write(access, userName);
  }
}

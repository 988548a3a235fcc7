package io.lifeline.node.upgrade;

import io.lifeline.config.Settings;
import io.lifeline.node.api.AgentUpgrade;
import io.lifeline.node.api.UpgradeException;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Upgrades as a service. There from the start is only what looks at bundles that stop; the rest is
 * loaded when somebody asks for an upgrade.
 */
@Component(
    service = AgentUpgrade.class,
    immediate = true,
    configurationPid = UpgradeSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class UpgradeComponent implements AgentUpgrade {

  private final BundleContext context;
  private final UpgradeSettings settings;
  private final ClassKeeper keeper = new ClassKeeper();
  private @Nullable BundleUpgrade upgrade;

  @Activate
  public UpgradeComponent(BundleContext context, Map<String, Object> properties) {
    this.context = context;
    this.settings = UpgradeSettings.of(Settings.of(UpgradeSettings.PID, properties));
    context.addBundleListener(keeper);
  }

  @Deactivate
  void deactivate() {
    context.removeBundleListener(keeper);
  }

  /** An upgrade replaces this bundle too: it goes on in the framework's name. */
  private synchronized BundleUpgrade upgrade() {
    BundleUpgrade begun = upgrade;
    if (begun == null) {
      File folder = context.getDataFile("");
      if (folder == null) {
        throw new IllegalStateException("the framework keeps no files");
      }
      begun =
          new BundleUpgrade(
              context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext(),
              folder.toPath(),
              settings);
      upgrade = begun;
    }
    return begun;
  }

  @Override
  public String running() {
    return upgrade().running();
  }

  @Override
  public List<String> versions() {
    return upgrade().versions();
  }

  @Override
  public Plan plan(Path release, String pin) throws UpgradeException {
    return upgrade().plan(release, pin);
  }

  @Override
  public void apply(Plan plan) throws UpgradeException, InterruptedException {
    upgrade().apply(plan);
  }

  @Override
  public String rollback() throws UpgradeException, InterruptedException {
    return upgrade().rollback();
  }
}

package io.lifeline.node.upgrade;

import java.net.URL;
import java.util.Enumeration;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the classes of a bundle of ours that stops. What is open through it lives on with its code,
 * and once the bundle was updated the framework finds no more classes for that; whoever updates it,
 * also by hand.
 */
final class ClassKeeper implements SynchronousBundleListener {

  private static final Logger LOG = LoggerFactory.getLogger(ClassKeeper.class);
  private static final String CLASS = ".class";

  @Override
  public void bundleChanged(BundleEvent event) {
    Bundle bundle = event.getBundle();
    if (event.getType() == BundleEvent.STOPPING
        && Names.isOurs(bundle)
        && !isFrameworkEnding(bundle)) {
      load(bundle);
    }
  }

  private static boolean isFrameworkEnding(Bundle bundle) {
    BundleContext context = bundle.getBundleContext();
    return context == null
        || context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() != Bundle.ACTIVE;
  }

  /** Loads, and does not initialise: for that the bundle's file is not needed. */
  static void load(Bundle bundle) {
    Enumeration<URL> files = bundle.findEntries("/", "*" + CLASS, true);
    while (files != null && files.hasMoreElements()) {
      String path = files.nextElement().getPath();
      String name = path.substring(1, path.length() - CLASS.length()).replace('/', '.');
      try {
        bundle.loadClass(name);
      } catch (ClassNotFoundException | LinkageError e) {
        // Of a library that was copied in, what needs something that is not here.
        LOG.debug("the class {} of {} cannot be loaded", name, bundle, e);
      }
    }
  }
}

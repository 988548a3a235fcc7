package io.lifeline.runtime.oci;

import java.net.URL;
import java.util.Enumeration;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads every class of this bundle. A session outlives the update of its bundle, and from then on
 * the framework finds no more classes for it; nor does a full or hanging disk.
 */
final class OwnClasses {

  private static final Logger LOG = LoggerFactory.getLogger(OwnClasses.class);
  private static final String ROOT = "/io/lifeline/runtime/oci";

  private OwnClasses() {}

  static void load(Class<?> one) {
    Bundle bundle = FrameworkUtil.getBundle(one);
    Enumeration<URL> files = bundle == null ? null : bundle.findEntries(ROOT, "*.class", true);
    while (files != null && files.hasMoreElements()) {
      String path = files.nextElement().getPath();
      String name = path.substring(1, path.length() - ".class".length()).replace('/', '.');
      if (name.endsWith("package-info")) {
        continue;
      }
      try {
        Class.forName(name, true, one.getClassLoader());
      } catch (ClassNotFoundException | LinkageError e) {
        LOG.warn("the class {} of {} cannot be loaded: {}", name, bundle, e.getMessage());
      }
    }
  }
}

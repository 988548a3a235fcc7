package io.lifeline.itests.e2e.upgrade;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.AccessControlContext;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleReference;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Loaded into the running agent by the JDK's own means, as root of its machine: asks the service
 * {@code AgentUpgrade} what the console's commands ask it, and tells what it sees of the framework.
 * So the test needs no console and the agent no door for it.
 *
 * <p>Its orders are lines of a file: {@code upgrade FOLDER PIN}, {@code rollback}, {@code state},
 * {@code end}; what comes of them are lines of another.
 */
public final class Probe {

  private static final String CONTRACT = "io.lifeline.node.api.AgentUpgrade";

  private final Path out;
  private final Instrumentation machine;
  private final BundleContext context;

  private Probe(Path out, Instrumentation machine) {
    this.out = out;
    this.machine = machine;
    this.context = context(machine);
  }

  /** Called by the JVM of the agent; must not keep it. */
  public static void agentmain(String folder, Instrumentation machine) {
    Thread thread = new Thread(() -> run(Path.of(folder), machine), "upgrade-probe");
    thread.setDaemon(true);
    thread.start();
  }

  private static void run(Path folder, Instrumentation machine) {
    Probe probe = new Probe(folder.resolve("out"), machine);
    try {
      for (String line : Files.readAllLines(folder.resolve("orders"))) {
        probe.obey(line.split(" ", -1));
      }
    } catch (IOException | RuntimeException e) {
      probe.tell("failed " + e);
    }
    probe.tell("done");
  }

  private void obey(String[] words) {
    switch (words[0]) {
      case "upgrade" -> upgrade(Path.of(words[1]), words[2]);
      case "rollback" -> told("rolledback", () -> call("rollback"));
      case "state" -> state();
      case "heap" -> heap();
      default -> tell("failed unknown order " + words[0]);
    }
  }

  private interface Call {
    Object result() throws ReflectiveOperationException;
  }

  private void told(String word, Call call) {
    long began = System.currentTimeMillis();
    try {
      Object result = call.result();
      tell("%s %d %d %s".formatted(word, began, System.currentTimeMillis(), result));
    } catch (InvocationTargetException e) {
      tell("refused %d %s".formatted(began, String.valueOf(e.getCause())));
    } catch (ReflectiveOperationException | RuntimeException e) {
      tell("failed " + e);
    }
  }

  private void upgrade(Path release, String pin) {
    told(
        "upgraded",
        () -> {
          Object plan = call("plan", Path.class, release, String.class, pin);
          Class<?> type = plan.getClass();
          call("apply", type, plan);
          return plan;
        });
  }

  /** A call of the service that is there at this moment. */
  private Object call(String method, Object... typesAndArguments)
      throws ReflectiveOperationException {
    ServiceReference<?> reference = context.getServiceReference(CONTRACT);
    if (reference == null) {
      throw new IllegalStateException("there is no " + CONTRACT);
    }
    try {
      Object service = context.getService(reference);
      Class<?>[] types = new Class<?>[typesAndArguments.length / 2];
      Object[] arguments = new Object[types.length];
      for (int i = 0; i < types.length; i++) {
        types[i] = (Class<?>) typesAndArguments[2 * i];
        arguments[i] = typesAndArguments[2 * i + 1];
      }
      return service.getClass().getMethod(method, types).invoke(service, arguments);
    } finally {
      context.ungetService(reference);
    }
  }

  /** Every bundle: name, version, when it was last changed, the identity of its wiring, state. */
  private void state() {
    for (Bundle bundle : context.getBundles()) {
      tell(
          "bundle %s %s %d %d %d"
              .formatted(
                  bundle.getSymbolicName(),
                  bundle.getVersion(),
                  bundle.getLastModified(),
                  System.identityHashCode(bundle.adapt(BundleWiring.class)),
                  bundle.getState()));
    }
  }

  /** What lives after a collection, and how many class loaders each of our bundles has. */
  private void heap() {
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    tell("heap " + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    Set<ClassLoader> loaders = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Class<?> type : machine.getAllLoadedClasses()) {
      if (type.getClassLoader() instanceof BundleReference) {
        loaders.add(type.getClassLoader());
      }
    }
    Map<String, Integer> counts = new TreeMap<>();
    loaders.forEach(loader -> counts.merge(name(loader), 1, Integer::sum));
    counts.forEach((name, count) -> tell("loaders %s %d".formatted(name, count)));
    loaders.removeIf(
        loader -> {
          BundleWiring now = ((BundleReference) loader).getBundle().adapt(BundleWiring.class);
          return now == null || now.getClassLoader() == loader;
        });
    Thread.getAllStackTraces().keySet().forEach(thread -> kept(thread, loaders));
  }

  private static String name(ClassLoader loader) {
    return ((BundleReference) loader).getBundle().getSymbolicName();
  }

  /** A thread keeps the code that began it, by its access control context. */
  private void kept(Thread thread, Set<ClassLoader> old) {
    try {
      Set<String> names = new TreeSet<>();
      if (old.contains(thread.getContextClassLoader())) {
        names.add(name(thread.getContextClassLoader()) + "(context)");
      }
      if (old.contains(thread.getClass().getClassLoader())) {
        names.add(name(thread.getClass().getClassLoader()) + "(class)");
      }
      Object context = field(Thread.class, "inheritedAccessControlContext", thread);
      if (context != null
          && field(AccessControlContext.class, "context", context)
              instanceof ProtectionDomain[] domains) {
        for (ProtectionDomain domain : domains) {
          if (domain != null && old.contains(domain.getClassLoader())) {
            names.add(name(domain.getClassLoader()));
          }
        }
      }
      if (!names.isEmpty()) {
        tell("kept %s by the thread %s".formatted(names, thread.getName()));
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      tell("unknown what %s keeps: %s".formatted(thread.getName(), e));
    }
  }

  private static Object field(Class<?> type, String name, Object of)
      throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }

  private static BundleContext context(Instrumentation machine) {
    for (Class<?> type : machine.getAllLoadedClasses()) {
      if (type.getName().equals("io.lifeline.node.api.Worker")) {
        return FrameworkUtil.getBundle(type).getBundleContext();
      }
    }
    throw new IllegalStateException("no agent of Lifeline runs in this JVM");
  }

  private synchronized void tell(String line) {
    try {
      Files.writeString(
          out,
          line.replace('\n', ' ') + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

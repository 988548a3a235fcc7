package io.lifeline.itests.e2e.upgrade;

import io.lifeline.itests.testkit.Kubectl;
import java.util.ArrayList;
import java.util.List;

/** People who type all the time, each in a shell of his own. */
public final class People implements AutoCloseable {

  private final List<Typist> typists = new ArrayList<>();

  /** One more. */
  public Typist add(List<String> shell) {
    Typist typist = Typist.at(shell, typists.size());
    typists.add(typist);
    return typist;
  }

  /** All stop; says what was wrong with whom. */
  public List<String> stop() throws InterruptedException {
    List<String> wrong = new ArrayList<>();
    for (Typist typist : typists) {
      typist.stop().ifPresent(wrong::add);
    }
    return wrong;
  }

  public List<Typist.Echo> echoes() {
    return typists.stream().flatMap(typist -> typist.echoes().stream()).toList();
  }

  public int keys() {
    return typists.stream().mapToInt(Typist::keys).sum();
  }

  @Override
  public void close() {
    typists.forEach(Typist::close);
  }

  /** Shells whose client has gone wait to be joined again, and would wait for minutes. */
  public static void endAll(Kubectl kubectl) {
    kubectl
        .out("exec", "debug-pod", "--", "lifeline", "sessions")
        .lines()
        .map(line -> line.split(" ", 2)[0])
        .filter(id -> id.matches("[a-z]+-[0-9]+"))
        .forEach(id -> kubectl.run("exec", "debug-pod", "--", "lifeline", "end", id));
  }
}

package io.lifeline.node.credential;

/** What failed last, so that the log tells it once: names that are made up and times apart. */
final class LastFailure {

  private String kind = "";

  /** Whether it is another than the last one; from now on it is the last one. */
  synchronized boolean isNew(String failure) {
    String now = failure.replaceAll("[0-9a-f]*[0-9][0-9a-f]*", "#");
    boolean other = !now.equals(kind);
    kind = now;
    return other;
  }

  /** It works again: the next failure is told, whatever it is. */
  synchronized void over() {
    kind = "";
  }
}

package io.lifeline.session.engine;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/** Names of sessions that two people can say to each other on the telephone: {@code amber-7}. */
final class SessionNames {

  private static final List<String> WORDS =
      List.of(
          "amber", "badger", "cedar", "delta", "ember", "falcon", "garnet", "harbor", "indigo",
          "juniper", "kettle", "lantern", "maple", "nickel", "ochre", "pepper", "quartz", "raven",
          "saffron", "timber", "umber", "velvet", "walnut", "yarrow", "zephyr");
  private static final int NUMBERS = 99;

  private SessionNames() {}

  /** One that is not taken. There are far more than there may be sessions. */
  static String free(Predicate<String> taken) {
    while (true) {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      String name = WORDS.get(random.nextInt(WORDS.size())) + "-" + (1 + random.nextInt(NUMBERS));
      if (!taken.test(name)) {
        return name;
      }
    }
  }
}

package io.lifeline.session.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes what looks like a secret out of a command before it is logged. A command may be a script of
 * many kilobytes: nothing here looks at a character more often than a stated number of times,
 * whatever it is among.
 */
final class Redaction {

  private static final String HIDDEN = "***";
  private static final String SECRET =
      "(?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key|credential|authorization)";
  private static final int LONGEST_FLAG = 128;
  // "--token", "-password": the next argument is the secret.
  private static final Pattern FLAG = Pattern.compile("(?i)--?[\\w-]*" + SECRET + "[\\w-]*");
  // "TOKEN=x", "password: x", also in the middle of a script.
  private static final Pattern ASSIGNED =
      Pattern.compile(
          "(?i)(" + SECRET + "[\\w-]{0,64}+\\s{0,8}+[=:]\\s{0,8}+)(\"[^\"]*+\"|'[^']*+'|\\S++)");
  private static final Pattern BEARER =
      Pattern.compile("(?i)\\b(bearer|basic)\\s{1,8}+[\\w+/=._~-]{6,}+");

  private Redaction() {}

  static List<String> of(List<String> command) {
    List<String> shown = new ArrayList<>(command.size());
    boolean secretFollows = false;
    for (String word : command) {
      shown.add(secretFollows ? HIDDEN : redacted(word));
      secretFollows = word.length() <= LONGEST_FLAG && FLAG.matcher(word).matches();
    }
    return shown;
  }

  private static String redacted(String word) {
    String bearer = BEARER.matcher(word).replaceAll("$1 " + HIDDEN.replace("*", "\\*"));
    return ASSIGNED.matcher(bearer).replaceAll("$1***");
  }
}

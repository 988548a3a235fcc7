package io.lifeline.config;

/** A setting has a value that its rule refuses; the message names file, key, value and rule. */
public final class SettingRefusedException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  SettingRefusedException(String pid, String key, Object value, String rule) {
    super(
        "etc/%s.cfg: key '%s' has the value '%s', but %s. Correct the file, or the variable %s, and it is read again."
            .formatted(pid, key, value, rule, Settings.variable(pid, key)));
  }
}

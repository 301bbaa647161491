package dev.convoy.trainer.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How bad a finding is. */
public enum Level {
  OK,
  /** A run would go through, but not as it could. */
  WARNING,
  /** A run would fail. */
  FAILS;

  /** The level in reports and JSON. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

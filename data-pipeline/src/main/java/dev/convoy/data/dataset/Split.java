package dev.convoy.data.dataset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.convoy.data.InvalidRequestException;
import java.util.Locale;

/** Which part of a dataset an example belongs to. */
public enum Split {
  TRAIN,
  VALIDATION,
  TEST;

  /** The word used in files and on the command line: train, validation or test. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The inverse of {@link #word}.
   *
   * @throws InvalidRequestException for any other word
   */
  @JsonCreator
  public static Split ofWord(String word) {
    for (Split split : values()) {
      if (split.word().equals(word)) {
        return split;
      }
    }
    throw new InvalidRequestException(
        "'" + word + "' is not a split; right are train, validation and test");
  }
}

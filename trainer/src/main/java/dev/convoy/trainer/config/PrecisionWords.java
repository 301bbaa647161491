package dev.convoy.trainer.config;

import dev.convoy.models.training.PrecisionChoice;
import java.util.Arrays;
import java.util.Optional;

/** The words for a precision, in configurations and on the command line. */
public final class PrecisionWords {
  private static final String SHORT_BFLOAT16 = "bf16";

  private PrecisionWords() {}

  /** Reads auto, float32, bfloat16 or bf16; empty for anything else. */
  public static Optional<PrecisionChoice> read(String word) {
    if (word.equals(SHORT_BFLOAT16)) {
      return Optional.of(PrecisionChoice.BFLOAT16);
    }
    return Arrays.stream(PrecisionChoice.values())
        .filter(choice -> Keys.word(choice).equals(word))
        .findFirst();
  }
}

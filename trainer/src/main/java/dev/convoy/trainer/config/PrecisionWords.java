package dev.convoy.trainer.config;

import dev.convoy.models.training.PrecisionChoice;
import dev.convoy.trainer.averaging.WireFormat;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The words for a precision, in configurations and on the command line. */
public final class PrecisionWords {
  /** Words for the same thing, by the type of the value, each with the one that is written. */
  private static final Map<Class<?>, Map<String, String>> SAME =
      Map.of(
          PrecisionChoice.class, Map.of("bf16", "bfloat16"),
          WireFormat.class, Map.of("bfloat16", "bf16"));

  private PrecisionWords() {}

  /** Reads auto, float32, bfloat16 or bf16; empty for anything else. */
  public static Optional<PrecisionChoice> read(String word) {
    String own = own(PrecisionChoice.class, word);
    return Arrays.stream(PrecisionChoice.values())
        .filter(choice -> Keys.word(choice).equals(own))
        .findFirst();
  }

  /** Returns the word that a type of values itself uses for a word. */
  static String own(Class<?> type, String word) {
    return SAME.getOrDefault(type, Map.of()).getOrDefault(word, word);
  }
}

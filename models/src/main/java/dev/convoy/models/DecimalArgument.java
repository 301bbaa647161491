package dev.convoy.models;

import java.util.Optional;

/**
 * One argument of an architecture that need not be a whole number.
 *
 * @param meaning what it sets, for the person who reads a list of models
 */
public record DecimalArgument(
    String name, double defaultValue, double smallest, double largest, String meaning) {

  public DecimalArgument {
    if (!(smallest <= defaultValue && defaultValue <= largest)) {
      throw new IllegalArgumentException(
          name + ": default " + defaultValue + " is not in " + smallest + ".." + largest);
    }
  }

  /** The value given in the spec, or the default. The spec must have been validated. */
  public double in(ModelSpec spec) {
    return ((Number) spec.arguments().getOrDefault(name, defaultValue)).doubleValue();
  }

  /** What is wrong with a value, if something is. */
  Optional<String> problem(Object value) {
    boolean fits =
        value instanceof Number number
            && number.doubleValue() >= smallest
            && number.doubleValue() <= largest;
    return fits
        ? Optional.empty()
        : Optional.of(
            "argument %s is %s (%s); it has to be a number between %s and %s."
                .formatted(name, value, value.getClass().getSimpleName(), smallest, largest));
  }
}

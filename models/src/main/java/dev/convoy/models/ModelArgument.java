package dev.convoy.models;

import java.util.List;

/** One argument of an architecture, with what it accepts. */
public sealed interface ModelArgument {

  /** Its name in configurations. */
  String name();

  /** What holds where none is given. */
  Object defaultValue();

  /** What it sets, for the person who reads a list of models. */
  String meaning();

  /** Whether a configuration may give this value. */
  boolean accepts(Object value);

  /** The values that it accepts, as they stand after "it has to be". */
  String accepted();

  /**
   * A number such as a width.
   *
   * @param meaning what it counts
   */
  record WholeNumber(String name, Integer defaultValue, int smallest, int largest, String meaning)
      implements ModelArgument {

    public WholeNumber {
      if (smallest > defaultValue || defaultValue > largest) {
        throw new IllegalArgumentException(
            name + ": default " + defaultValue + " is not in " + smallest + ".." + largest);
      }
    }

    /** The value given in the spec, or the default. The spec must have been validated. */
    public int in(ModelSpec spec) {
      return ((Number) spec.arguments().getOrDefault(name, defaultValue)).intValue();
    }

    @Override
    public boolean accepts(Object value) {
      return isWhole(value)
          && ((Number) value).longValue() >= smallest
          && ((Number) value).longValue() <= largest;
    }

    @Override
    public String accepted() {
      return "a whole number between " + smallest + " and " + largest;
    }
  }

  /**
   * A number that need not be whole.
   *
   * @param meaning what it sets
   */
  record Decimal(String name, Double defaultValue, double smallest, double largest, String meaning)
      implements ModelArgument {

    public Decimal {
      if (!(smallest <= defaultValue && defaultValue <= largest)) {
        throw new IllegalArgumentException(
            name + ": default " + defaultValue + " is not in " + smallest + ".." + largest);
      }
    }

    /** The value given in the spec, or the default. The spec must have been validated. */
    public double in(ModelSpec spec) {
      return ((Number) spec.arguments().getOrDefault(name, defaultValue)).doubleValue();
    }

    @Override
    public boolean accepts(Object value) {
      return value instanceof Number number
          && number.doubleValue() >= smallest
          && number.doubleValue() <= largest;
    }

    @Override
    public String accepted() {
      return "a number between " + smallest + " and " + largest;
    }
  }

  /**
   * Something that the network has or has not: 1 or 0, and in one spelling only, because another
   * would make another experiment of the same network.
   *
   * @param meaning what it has if 1
   */
  record Switch(String name, Integer defaultValue, String meaning) implements ModelArgument {

    public Switch {
      if (defaultValue != 0 && defaultValue != 1) {
        throw new IllegalArgumentException(name + ": default " + defaultValue + " is not 0 or 1");
      }
    }

    /** Whether it is on in the spec, or by default. The spec must have been validated. */
    public boolean isOn(ModelSpec spec) {
      return ((Number) spec.arguments().getOrDefault(name, defaultValue)).intValue() == 1;
    }

    @Override
    public boolean accepts(Object value) {
      return isWhole(value)
          && (((Number) value).longValue() == 0 || ((Number) value).longValue() == 1);
    }

    @Override
    public String accepted() {
      return "0 or 1";
    }
  }

  /**
   * One of a few words.
   *
   * @param choices all of them, the default among them
   * @param meaning what is chosen
   */
  record Choice(String name, String defaultValue, List<String> choices, String meaning)
      implements ModelArgument {

    public Choice {
      choices = List.copyOf(choices);
      if (!choices.contains(defaultValue)) {
        throw new IllegalArgumentException(
            name + ": default " + defaultValue + " is not one of " + choices);
      }
    }

    /** The word given in the spec, or the default. The spec must have been validated. */
    public String in(ModelSpec spec) {
      return (String) spec.arguments().getOrDefault(name, defaultValue);
    }

    @Override
    public boolean accepts(Object value) {
      return value instanceof String word && choices.contains(word);
    }

    @Override
    public String accepted() {
      return String.join(" or ", choices);
    }
  }

  private static boolean isWhole(Object value) {
    return value instanceof Integer || value instanceof Long || value instanceof Short;
  }
}

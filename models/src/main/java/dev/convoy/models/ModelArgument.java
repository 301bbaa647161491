package dev.convoy.models;

/**
 * One whole-number argument of an architecture.
 *
 * @param meaning what it sets, for the person who reads a list of models
 */
public record ModelArgument(
    String name, int defaultValue, int smallest, int largest, String meaning) {

  public ModelArgument {
    if (smallest > defaultValue || defaultValue > largest) {
      throw new IllegalArgumentException(
          name + ": default " + defaultValue + " is not in " + smallest + ".." + largest);
    }
  }

  /** The value given in the spec, or the default. The spec must have been validated. */
  public int in(ModelSpec spec) {
    Object given = spec.arguments().get(name);
    return given == null ? defaultValue : ((Number) given).intValue();
  }

  boolean accepts(Object value) {
    return (value instanceof Integer || value instanceof Long || value instanceof Short)
        && ((Number) value).longValue() >= smallest
        && ((Number) value).longValue() <= largest;
  }
}

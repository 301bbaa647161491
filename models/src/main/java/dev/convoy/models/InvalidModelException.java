package dev.convoy.models;

import java.util.List;

/**
 * A model, its arguments or its weights are not what they have to be; the message says all that is
 * wrong.
 */
public final class InvalidModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One problem, in a sentence that says what would be right. */
  public InvalidModelException(String message) {
    super(message);
  }

  /** One problem with what caused it. */
  public InvalidModelException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Several problems found at once; a heading and one line for each. */
  public static InvalidModelException of(String heading, List<String> problems) {
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("no problem to report under \"" + heading + "\"");
    }
    if (problems.size() == 1) {
      return new InvalidModelException(heading + ": " + problems.get(0));
    }
    return new InvalidModelException(heading + ":\n  - " + String.join("\n  - ", problems));
  }
}

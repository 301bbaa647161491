package dev.convoy.trainer.run;

import java.time.Instant;

/**
 * Something that happened to a run: a line in the metrics file.
 *
 * @param kind always {@link #KIND}
 * @param time when
 * @param what in words
 */
public record RunEvent(String kind, Instant time, String what) {

  /** What {@code kind} says. */
  public static final String KIND = "event";
}

package dev.convoy.trainer.config;

import java.util.List;

/**
 * One thing that is wrong in a configuration.
 *
 * @param path the key, dotted, relative to the record that found it
 * @param wrong what is wrong, for example "is out of range"
 * @param given what was given, for people; empty where nothing was
 * @param right what would be right
 * @param uses the keys that the judgement rests on; where one of them is itself wrong it says
 *     nothing
 */
record Problem(String path, String wrong, String given, String right, List<String> uses) {

  Problem {
    path = oneLine(path);
    wrong = oneLine(wrong);
    given = oneLine(given);
    right = oneLine(right);
    uses = List.copyOf(uses);
  }

  /** What was given can hold line breaks and a terminal's escape codes. */
  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cc}\u2028\u2029]", "?");
  }

  static Problem of(String path, String wrong, String given, String right) {
    return new Problem(path, wrong, given, right, List.of(path));
  }

  /** The same problem with its path placed in {@code section} and its place of origin named. */
  Problem in(String section, String origin) {
    String place = given.isEmpty() || origin.isEmpty() ? given : given + ", " + origin;
    return new Problem(Keys.join(section, path), wrong, place, right, uses);
  }

  String line() {
    return path + ": " + wrong + (given.isEmpty() ? "" : " (given " + given + ")") + "; " + right;
  }
}

package dev.convoy.trainer.doctor;

/**
 * One line of a diagnosis.
 *
 * @param check what was looked at
 * @param level how bad it is
 * @param where driver, executors or cluster
 * @param detail what was found
 * @param advice what would be right; "" where all is well
 */
public record Finding(String check, Level level, String where, String detail, String advice) {

  /** The finding on one line, level and check in columns. */
  public String line() {
    String end = advice.isEmpty() ? "" : "; " + advice;
    return "%-8s %-14s %s: %s%s".formatted(level.word(), check, where, detail, end);
  }
}

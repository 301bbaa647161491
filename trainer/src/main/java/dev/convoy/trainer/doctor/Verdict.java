package dev.convoy.trainer.doctor;

import java.util.Optional;

/**
 * What a check makes of one process, or of the cluster as a whole.
 *
 * @param place the process; empty for the cluster
 * @param level how bad it is
 * @param detail what was found; the same words where the same was found
 * @param advice what would be right; "" where all is well
 */
record Verdict(Optional<Place> place, Level level, String detail, String advice) {

  static Verdict ok(Place place, String detail) {
    return new Verdict(Optional.of(place), Level.OK, detail, "");
  }

  static Verdict warning(Place place, String detail, String advice) {
    return new Verdict(Optional.of(place), Level.WARNING, detail, advice);
  }

  static Verdict fails(Place place, String detail, String advice) {
    return new Verdict(Optional.of(place), Level.FAILS, detail, advice);
  }

  /** Of the cluster as a whole. */
  static Verdict overall(Level level, String detail, String advice) {
    return new Verdict(Optional.empty(), level, detail, advice);
  }
}

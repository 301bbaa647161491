package dev.convoy.trainer.doctor;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** What processes may say. */
final class Answers {

  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final Place DRIVER = Place.driver("host-0");

  private Answers() {}

  /** The executor of a number, two on each host. */
  static Place executor(int number) {
    return new Place(Integer.toString(number), "host-" + number / 2);
  }

  /** So many executors with so many slots each. */
  static List<Executor> executors(int count, int slots) {
    return IntStream.range(0, count)
        .mapToObj(number -> new Executor(executor(number), slots, slots, List.of(), 0))
        .toList();
  }

  /** An answer that came a second after the question at noon. */
  static <A extends Record> Found<A> of(Place place, A value) {
    return new Found<>(place, value, NOON, NOON.plusSeconds(1));
  }
}

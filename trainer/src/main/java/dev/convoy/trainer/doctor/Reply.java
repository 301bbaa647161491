package dev.convoy.trainer.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.convoy.trainer.Json;
import java.util.Optional;

/**
 * What a process sends back for a probe. It travels as text, which needs nothing of Spark's
 * serializer: that is one of the things to be looked at.
 *
 * @param executor the process's id
 * @param found what the probe found, as JSON; empty if it failed
 * @param problem why it failed; "" if it did not
 */
record Reply(String executor, Optional<String> found, String problem) {

  /** Lets a probe look in this process. */
  static Reply of(String executor, Probe<?> probe) {
    try {
      String found = Json.MAPPER.writeValueAsString(probe.look());
      return new Reply(executor, Optional.of(found), "");
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      return new Reply(executor, Optional.empty(), Reasons.of(e));
    }
  }

  static Reply read(String text) {
    return read(text, Reply.class);
  }

  String write() {
    try {
      return Json.MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a reply could not be written as JSON", e);
    }
  }

  <A extends Record> Optional<A> found(Class<A> type) {
    return found.map(text -> read(text, type));
  }

  private static <T> T read(String text, Class<T> type) {
    try {
      return Json.MAPPER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an executor of another version answered: " + text, e);
    }
  }
}

package dev.convoy.trainer.it;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What befalls some of the operations on files of one name, in a process of its own. As text, which
 * a setting carries into that process: its parts with blanks between them.
 *
 * @param act what happens
 * @param when before the operation is done or after it
 * @param operation on the file
 * @param file its name; its temporary names count as its own; {@code *} is any
 * @param first occurrence that is hit, from 1
 * @param last occurrence that is hit
 */
record StoreFault(Act act, When when, Operation operation, String file, int first, int last) {

  /** Exit code of a process that ended itself so. */
  static final int HALTED = 86;

  /** Longer than what the log calls slow. */
  private static final Duration STALL = Duration.ofSeconds(12);

  /** What happens. */
  enum Act {
    /** The process ends on the spot. */
    HALT,
    /** An exception, as of a network that is down. */
    FAIL,
    /** No answer for a while. */
    STALL,
    /** No answer for ever. */
    HANG
  }

  /** Around the operation. */
  enum When {
    BEFORE,
    AFTER
  }

  /** What is done with a file; {@code RENAME} is to its name. */
  enum Operation {
    CREATE,
    APPEND,
    CLOSE,
    OPEN,
    RENAME,
    DELETE
  }

  /** That hits once. */
  static StoreFault once(Act act, When when, Operation operation, String file) {
    return new StoreFault(act, when, operation, file, 1, 1);
  }

  /** That hits at every occurrence from one on. */
  static StoreFault from(int first, Act act, When when, Operation operation, String file) {
    return new StoreFault(act, when, operation, file, first, Integer.MAX_VALUE);
  }

  /** As text. */
  static String format(List<StoreFault> faults) {
    return faults.stream()
        .map(
            f -> "%s %s %s %s %d %d".formatted(f.act, f.when, f.operation, f.file, f.first, f.last))
        .collect(Collectors.joining(";"));
  }

  /** From text. */
  static List<StoreFault> parse(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(";", -1)).map(StoreFault::parseOne).toList();
  }

  private static StoreFault parseOne(String text) {
    String[] parts = text.split(" ", -1);
    return new StoreFault(
        Act.valueOf(parts[0]),
        When.valueOf(parts[1]),
        Operation.valueOf(parts[2]),
        parts[3],
        Integer.parseInt(parts[4]),
        Integer.parseInt(parts[5]));
  }

  /** Whether an operation is one of those that are counted. */
  boolean concerns(When time, Operation done, String name) {
    return when == time
        && operation == done
        && (file.equals("*") || name.equals(file) || name.startsWith("." + file + "."));
  }

  /** Happens, if this is its occurrence. */
  void befall(int occurrence, String name) throws IOException {
    if (occurrence < first || occurrence > last) {
      return;
    }
    switch (act) {
      case HALT -> Runtime.getRuntime().halt(HALTED);
      case FAIL -> throw new IOException("injected failure %s %s".formatted(operation, name));
      case STALL -> sleep(STALL);
      case HANG -> sleep(Duration.ofDays(1));
    }
  }

  /** As a client in native code: whoever interrupts it is not heard. */
  private static void sleep(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      try {
        Await.pause(Duration.ofNanos(end - System.nanoTime()));
      } catch (InterruptedException e) {
        // Slept on.
      }
    }
  }
}

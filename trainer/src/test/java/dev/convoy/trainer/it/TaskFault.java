package dev.convoy.trainer.it;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What befalls one of a round's tasks, once in all processes of a run.
 *
 * @param act what happens
 * @param moment in which kind of task, and where
 * @param occurrence which of this process's tasks of that kind, from 1
 */
record TaskFault(Act act, Moment moment, int occurrence) {

  /** What happens. */
  enum Act {
    /** The process ends on the spot. */
    KILL,
    /** The process is frozen. */
    STOP,
    /** The task throws an exception; not while computing, where it is in code of its own. */
    THROW
  }

  /** Where a task is. */
  enum Moment {
    /** A worker's task, in a step of its network. */
    COMPUTING,
    /** A worker's task, with a part of its output in a shuffle file. */
    WRITING,
    /** A worker's task, its shuffle file whole, its success not yet said. */
    WRITTEN,
    /** A task of the reduce, which has the parts of some workers. */
    REDUCING
  }

  /** As text. */
  static String format(List<TaskFault> faults) {
    return faults.stream()
        .map(f -> "%s %s %d".formatted(f.act, f.moment, f.occurrence))
        .collect(Collectors.joining(";"));
  }

  /** From text. */
  static List<TaskFault> parse(String text) {
    return Arrays.stream(text.split(";", -1))
        .map(one -> one.split(" ", -1))
        .map(
            parts ->
                new TaskFault(
                    Act.valueOf(parts[0]), Moment.valueOf(parts[1]), Integer.parseInt(parts[2])))
        .toList();
  }
}

package dev.convoy.trainer.executor;

import java.util.List;

/** Frees several things. */
final class Freeing {

  private Freeing() {}

  /** One that cannot be freed does not keep the others; the first failure is thrown at the end. */
  static void all(List<Runnable> frees) {
    RuntimeException first = null;
    for (Runnable free : frees) {
      try {
        free.run();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}

package dev.convoy.trainer.executor;

/**
 * Keeps prefetching out of the tasks' way: a batch is loaded ahead only while a task slot computes
 * nothing, so that tasks and prefetching together never keep more threads busy than tasks alone
 * would. A task never waits here; what is being read or prepared when it comes is brought to its
 * end.
 */
final class SlotGate {

  private int tasks;
  private int loads;

  synchronized void taskBegins() {
    tasks++;
  }

  synchronized void taskEnds() {
    tasks--;
    notifyAll();
  }

  /**
   * Waits for a slot that no task uses, and takes it until {@link #leave}.
   *
   * @param slots of this executor
   */
  synchronized void enter(int slots) throws InterruptedException {
    while (tasks + loads >= slots) {
      wait();
    }
    loads++;
  }

  synchronized void leave() {
    loads--;
    notifyAll();
  }
}

package dev.convoy.trainer.training;

/** Passes completed rounds on to an observer. */
final class ObserverListener implements TrainingListener {

  private final RoundObserver observer;

  ObserverListener(RoundObserver observer) {
    this.observer = observer;
  }

  @Override
  public void roundCompleted(RoundCompleted event) {
    observer.roundCompleted(event.spec().round(), event.outcome());
  }
}

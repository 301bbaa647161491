package dev.convoy.trainer.training;

import dev.convoy.trainer.Position;
import dev.convoy.trainer.averaging.TrainingState;
import dev.convoy.trainer.checkpoint.CheckpointRecord;
import dev.convoy.trainer.checkpoint.CheckpointStore;
import dev.convoy.trainer.run.MetricsLog;
import dev.convoy.trainer.run.RunEvent;
import dev.convoy.trainer.run.RunLease;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits checkpoints: every so many rounds, after each epoch, and when the run stops early. */
final class CheckpointListener implements TrainingListener {

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointListener.class);

  private final TrainingSetup setup;
  private final CheckpointRecord.Trained trained;
  private final CheckpointStore store;
  private final MetricsLog metrics;
  private final RunLease lease;
  private final Clock clock;
  private Position saved;

  /** Where the network was evaluated last, which its commit may not have outlived. */
  private Position evaluatedAt = Position.START;

  private Optional<CheckpointRecord.Validation> evaluation = Optional.empty();
  private String location;

  /**
   * A listener for a run that goes on from a position.
   *
   * @param trained what its checkpoints say of the training
   * @param saved where the newest checkpoint stands
   * @param location of that checkpoint, or empty
   */
  CheckpointListener(
      TrainingSetup setup,
      CheckpointRecord.Trained trained,
      CheckpointStore store,
      MetricsLog metrics,
      RunLease lease,
      Clock clock,
      Position saved,
      String location) {
    this.setup = setup;
    this.trained = trained;
    this.store = store;
    this.metrics = metrics;
    this.lease = lease;
    this.clock = clock;
    this.saved = saved;
    this.location = location;
  }

  /** The newest checkpoint's folder. */
  String location() {
    return location;
  }

  @Override
  public void roundCompleted(RoundCompleted event) throws IOException {
    int every = setup.config().checkpoint().everyRounds();
    if (every > 0 && event.position().round() % every == 0) {
      commit(event.position(), event.state(), Optional.empty());
    }
  }

  @Override
  public void epochCompleted(EpochCompleted event) throws IOException {
    evaluatedAt = event.position();
    evaluation = validation(event);
    commit(evaluatedAt, event.state(), evaluation);
  }

  private Optional<CheckpointRecord.Validation> validation(EpochCompleted event) {
    return setup
        .evaluated()
        .flatMap(
            split -> event.evaluation().map(e -> new CheckpointRecord.Validation(split, e.top1())));
  }

  @Override
  public void stopped(Position position, TrainingState state) {
    metrics.add(
        new RunEvent(
            RunEvent.KIND, clock.instant(), "stopped early after round " + position.round()));
    if (position.equals(saved)) {
      note();
    } else {
      save(position, state);
    }
  }

  private void note() {
    try {
      lease.check();
      metrics.flush();
    } catch (RuntimeException | IOException | Error e) {
      throw new SavingFailedException(
          "the last completed round is saved, but that the run stopped could not be written", e);
    }
  }

  private void save(Position position, TrainingState state) {
    try {
      commit(position, state, position.equals(evaluatedAt) ? evaluation : Optional.empty());
    } catch (RuntimeException | IOException | Error e) {
      throw new SavingFailedException("the last completed round could not be saved", e);
    }
    LOG.info("saved round {}; `resume` goes on from there", position.round());
  }

  private void commit(
      Position position, TrainingState state, Optional<CheckpointRecord.Validation> validation)
      throws IOException {
    lease.check();
    metrics.flush();
    location = store.commit(setup.layout(), state, trained, position, validation);
    saved = position;
  }
}

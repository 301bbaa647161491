package dev.convoy.trainer.training;

import dev.convoy.data.plan.EpochLedger;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.Position;
import dev.convoy.trainer.averaging.EmaState;
import dev.convoy.trainer.averaging.TrainingState;
import dev.convoy.trainer.config.DivergencePolicy;
import dev.convoy.trainer.evaluation.Evaluation;
import dev.convoy.trainer.round.RoundOutcome;
import dev.convoy.trainer.round.RoundRunner;
import dev.convoy.trainer.round.RoundSpec;
import dev.convoy.trainer.round.WorkerReport;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The training: epochs of rounds, from a position to the end. */
final class TrainingLoop {

  private static final Logger LOG = LoggerFactory.getLogger(TrainingLoop.class);

  private final TrainingSetup setup;
  private final RoundRunner rounds;
  private final Function<NetworkState, Optional<Evaluation>> evaluator;
  private final UnaryOperator<NetworkState> recalibration;
  private final StopRequest stop;
  private final List<TrainingListener> listeners;
  private Position position;
  private TrainingState state;

  /**
   * A loop from a position.
   *
   * @param evaluator of the network after epochs
   * @param recalibration what becomes of a network after the last epoch, before it is evaluated
   */
  TrainingLoop(
      TrainingSetup setup,
      RoundRunner rounds,
      Function<NetworkState, Optional<Evaluation>> evaluator,
      UnaryOperator<NetworkState> recalibration,
      StopRequest stop,
      List<TrainingListener> listeners,
      Position position,
      TrainingState state) {
    this.setup = setup;
    this.rounds = rounds;
    this.evaluator = evaluator;
    this.recalibration = recalibration;
    this.stop = stop;
    this.listeners = listeners;
    this.position = position;
    this.state = state;
  }

  Position position() {
    return position;
  }

  /** As the last completed round left it. */
  TrainingState state() {
    return state;
  }

  /** Trains to the end; whatever stops it early, the last completed round is offered for saving. */
  void run() throws IOException {
    try {
      while (position.epoch() < setup.config().epochs()) {
        runEpoch();
      }
    } catch (Throwable e) {
      // An error, too: position and state are replaced together when a round is whole, so that what
      // is saved is never half of one, and a driver short of memory for a round may well have
      // enough to write what it has.
      save(e);
      throw e;
    }
  }

  private void save(Throwable why) {
    // An interrupted thread cannot write; who interrupted it wants its work saved all the same.
    boolean interrupted = Thread.interrupted();
    for (TrainingListener listener : listeners) {
      try {
        listener.stopped(position, state);
      } catch (RuntimeException | IOException | Error saving) {
        if (saving != why) { // the JVM may have but one error for want of memory
          why.addSuppressed(saving);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void runEpoch() throws IOException {
    EpochPlan plan = EpochPlan.of(setup.shardSizes(), setup.plan(), position.epoch());
    EpochLedger ledger = new EpochLedger(plan);
    for (int worker = 0; worker < setup.plan().workers(); worker++) {
      ledger.book(plan.start(worker, 0), plan.start(worker, position.step()));
    }
    for (TrainingListener listener : listeners) {
      listener.epochStarted(plan.epoch(), ledger.booked(), plan.examples());
    }
    while (position.step() < plan.steps()) {
      stop.check();
      runRound(plan, ledger);
    }
    ledger.close();
    stop.check();
    completeEpoch();
  }

  private void runRound(EpochPlan plan, EpochLedger ledger) throws IOException {
    RoundSpec spec = round(position.round(), plan.epoch(), position.step(), plan);
    NetworkState start = state.network();
    RoundOutcome outcome =
        following(spec, plan)
            .map(next -> rounds.run(spec, next, start))
            .orElseGet(() -> rounds.run(spec, start));
    judge(spec, outcome);
    for (WorkerReport report : outcome.reports()) {
      ledger.book(report.firstPlace(), report.endPlace());
    }
    TrainingState next =
        averaged(
            setup.strategy().next(state, outcome.average(), spec.meanLearningRate()), spec, plan);
    if (!next.isFinite()) {
      throw new DivergedException(spec);
    }
    Position after =
        new Position(
            spec.round() + 1,
            spec.epoch(),
            spec.endStep(),
            position.examples() + outcome.examples());
    state = next;
    position = after;
    TrainingListener.RoundCompleted done =
        new TrainingListener.RoundCompleted(
            spec, outcome, position, state, plan.examples(), ledger.booked());
    for (TrainingListener listener : listeners) {
      listener.roundCompleted(done);
    }
  }

  private TrainingState averaged(TrainingState next, RoundSpec spec, EpochPlan plan) {
    long firstStep = (long) spec.epoch() * plan.steps() + spec.firstStep();
    return setup
        .ema()
        .map(ema -> next.with(ema.after(state.ema(), next.network(), firstStep, spec.steps())))
        .orElse(next);
  }

  /** Only after this does the position leave the epoch, so that a resume evaluates it, too. */
  private void completeEpoch() throws IOException {
    int epoch = position.epoch();
    if (epoch + 1 == setup.config().epochs()) {
      recalibrate();
      stop.check();
    }
    int every = setup.config().evaluation().everyEpochs();
    boolean due = every > 0 && ((epoch + 1) % every == 0 || epoch + 1 == setup.config().epochs());
    Optional<Evaluation> evaluation = due ? evaluator.apply(state.evaluated()) : Optional.empty();
    position = new Position(position.round(), epoch + 1, 0, position.examples());
    TrainingListener.EpochCompleted done =
        new TrainingListener.EpochCompleted(epoch, position, state, evaluation);
    for (TrainingListener listener : listeners) {
      listener.epochCompleted(done);
    }
  }

  /** Of the network as trained, and of the moving average of its weights, each by itself. */
  private void recalibrate() {
    NetworkState network = recalibration.apply(state.network());
    EmaState ema =
        state.ema().isEmpty()
            ? EmaState.NONE
            : new EmaState(recalibration.apply(state.evaluated()).parameters());
    state = new TrainingState(network, state.outer(), ema);
  }

  /** The round after another one, across the end of an epoch, too. */
  private Optional<RoundSpec> following(RoundSpec spec, EpochPlan plan) {
    if (spec.endStep() < plan.steps()) {
      return Optional.of(round(spec.round() + 1, spec.epoch(), spec.endStep(), plan));
    }
    int next = spec.epoch() + 1;
    return next < setup.config().epochs()
        ? Optional.of(round(spec.round() + 1, next, 0, plan))
        : Optional.empty();
  }

  /**
   * A round.
   *
   * @param plan of any epoch: all have as many steps, with as many examples in each
   */
  private RoundSpec round(long round, int epoch, int first, EpochPlan plan) {
    int steps = Math.min(setup.strategy().stepsPerRound(epoch), plan.steps() - first);
    double[] rates = new double[steps];
    for (int i = 0; i < steps; i++) {
      rates[i] =
          setup.schedule().at(epoch + (double) plan.examplesBefore(first + i) / plan.examples());
    }
    return new RoundSpec(round, epoch, first, rates);
  }

  /** Ends the run if a worker diverged, unless it can and may go on without this worker. */
  private void judge(RoundSpec spec, RoundOutcome outcome) {
    for (WorkerReport report : outcome.diverged()) {
      if (setup.config().onDivergence() == DivergencePolicy.STOP
          || outcome.averagedExamples() == 0) {
        throw new DivergedException(spec, report);
      }
      LOG.warn(
          "worker {} is left out of round {} (epoch {}): a number was not finite at the batch {}",
          report.worker(),
          spec.round(),
          spec.epoch(),
          report.divergedAt());
    }
  }
}

package dev.convoy.trainer.benchmark;

import dev.convoy.data.InvalidRequestException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A cost model fitted to small numbers of workers, held against measured larger ones, and carried
 * on to clusters that nobody has.
 */
public final class RoundForecast {

  /** The share of a round that averaging may take. */
  private static final double SYNC_SHARE = 0.05;

  private static final int FEWEST_WORKERS = 8;
  private static final int MOST_WORKERS = 1024;
  private static final double BITS = 8;
  private static final double GIGA = 1e9;

  private final List<RoundObservation> observations;
  private final int fitUpTo;
  private final RoundCostModel cost;

  private RoundForecast(List<RoundObservation> observations, int fitUpTo, RoundCostModel cost) {
    this.observations = observations;
    this.fitUpTo = fitUpTo;
    this.cost = cost;
  }

  /**
   * Fits a model.
   *
   * @param observations of whatever implementation; Convoy's count
   * @param fitUpTo the most workers that the model is fitted to
   * @throws InvalidRequestException if there are too few of them
   */
  public static RoundForecast fit(Collection<RoundObservation> observations, int fitUpTo) {
    List<RoundObservation> own =
        observations.stream().filter(o -> o.implementation().equals(ConvoyRounds.NAME)).toList();
    return new RoundForecast(
        own,
        fitUpTo,
        RoundCostModel.fit(own.stream().filter(o -> o.workers() <= fitUpTo).toList()));
  }

  /** The fitted model. */
  public RoundCostModel cost() {
    return cost;
  }

  /** Every measured case beside its prediction, in the order given. */
  public List<RoundPrediction> predictions() {
    return observations.stream().map(this::prediction).toList();
  }

  private RoundPrediction prediction(RoundObservation measured) {
    double overhead = cost.overhead(RoundShape.of(measured));
    return new RoundPrediction(
        measured.model(),
        measured.wire(),
        measured.workers(),
        measured.slots(),
        measured.seconds(),
        overhead + stepSeconds(measured),
        measured.overheadSeconds(),
        overhead);
  }

  /**
   * The slowest slot's time in steps as it follows from cases like this one that the model was
   * fitted to; else its own. Each of a slot's turns adds to it, and its first one more than others:
   * it finds caches that the averaging has filled.
   */
  private double stepSeconds(RoundObservation like) {
    List<RoundObservation> fitted =
        alike(like.model(), like.wire()).stream()
            .filter(o -> o.workers() <= fitUpTo && o.slots() == like.slots())
            .filter(o -> o.batch() == like.batch() && o.steps() == like.steps())
            .toList();
    if (fitted.stream().mapToInt(RoundObservation::turns).distinct().count() < 2) {
      List<RoundObservation> known = fitted.isEmpty() ? List.of(like) : fitted;
      return median(known, o -> o.stepSeconds() / o.turns()) * like.turns();
    }
    double[][] rows = new double[fitted.size()][];
    double[] ones = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      double seconds = fitted.get(i).stepSeconds();
      rows[i] = new double[] {1 / seconds, fitted.get(i).turns() / seconds};
      ones[i] = 1;
    }
    double[] cost = NonNegativeLeastSquares.solve(rows, ones);
    return cost[0] + cost[1] * like.turns();
  }

  private List<RoundObservation> alike(String model, String wire) {
    return observations.stream()
        .filter(o -> o.model().equals(model) && o.wire().equals(wire))
        .toList();
  }

  private static double median(
      List<RoundObservation> observations, ToDoubleFunction<RoundObservation> value) {
    return Summary.median(observations.stream().mapToDouble(value).toArray());
  }

  /**
   * What rounds would cost with 8 to 1,024 workers, one a slot and one slot an executor. Each
   * executor takes the state from the broadcast, and sends all but its own slice of its worker's
   * result; the driver sends the state once and receives it once. None of it is taken to overlap.
   *
   * @param model that was measured
   * @param wire with which it was measured
   * @param stepSeconds time of one step on one slot
   * @param gigabits of the links, assumed
   * @throws InvalidRequestException if the measurements cannot tell what slots share from what they
   *     do not, or know nothing of the model
   */
  public List<ForecastLine> lines(
      String model, String wire, double stepSeconds, List<Double> gigabits) {
    if (!(stepSeconds > 0)) {
      throw new InvalidRequestException(
          "the time of a step is %s s; it has to be above 0".formatted(stepSeconds));
    }
    List<RoundObservation> known = alike(model, wire);
    if (known.isEmpty()) {
      throw new InvalidRequestException(
          "nothing was measured of %s with %s wire; measured: %s"
              .formatted(model, wire, distinct(o -> o.model() + " with " + o.wire() + " wire")));
    }
    requireTwo("numbers of slots", distinct(RoundObservation::slots));
    requireTwo("networks", distinct(RoundObservation::parameters));
    double driverBytes = median(known, RoundObservation::driverBytes);
    double workerBytes = median(known, RoundObservation::workerBytes);
    List<ForecastLine> lines = new ArrayList<>();
    for (double bandwidth : gigabits) {
      for (int workers = FEWEST_WORKERS; workers <= MOST_WORKERS; workers *= 2) {
        double bits = BITS * (driverBytes + workerBytes * (workers - 1) / workers);
        double network = bits / (bandwidth * GIGA);
        double overhead =
            cost.overhead(new RoundShape(workers, workers, driverBytes, workerBytes)) + network;
        long steps = (long) Math.ceil(overhead * (1 - SYNC_SHARE) / SYNC_SHARE / stepSeconds);
        lines.add(new ForecastLine(workers, bandwidth, overhead, network, Math.max(1, steps)));
      }
    }
    return lines;
  }

  private <T> List<T> distinct(Function<RoundObservation, T> property) {
    return observations.stream()
        .filter(o -> o.workers() <= fitUpTo)
        .map(property)
        .distinct()
        .toList();
  }

  private static void requireTwo(String what, List<?> values) {
    if (values.size() < 2) {
      throw new InvalidRequestException(
          "the model was fitted to cases with the %s %s alone and cannot tell its terms apart; measure two different ones"
              .formatted(what, values));
    }
  }
}

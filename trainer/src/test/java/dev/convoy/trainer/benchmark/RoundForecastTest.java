package dev.convoy.trainer.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The fit and what follows from it, on rounds whose costs are known. */
final class RoundForecastTest {

  private static final RoundCostModel TRUTH = new RoundCostModel(0.05, 0.001, 0.004, 2e-9, 5e-9);
  private static final double STEP = 0.02;

  @Test
  void costsAreFoundAgain() {
    RoundCostModel found = RoundForecast.fit(rounds(0, 2, 4, 8, 16), 16).cost();
    assertThat(found.perRound()).isCloseTo(TRUTH.perRound(), within(1e-9));
    assertThat(found.perWorker()).isCloseTo(TRUTH.perWorker(), within(1e-9));
    assertThat(found.perTurn()).isCloseTo(TRUTH.perTurn(), within(1e-9));
    assertThat(found.perDriverByte()).isCloseTo(TRUTH.perDriverByte(), within(1e-15));
    assertThat(found.perWorkerByte()).isCloseTo(TRUTH.perWorkerByte(), within(1e-15));
  }

  @Test
  void moreWorkersArePredictedFromFewerThoughMeasurementsScatter() {
    RoundForecast forecast = RoundForecast.fit(rounds(0.05, 2, 4, 8, 16, 32, 64), 16);
    List<RoundPrediction> large =
        forecast.predictions().stream().filter(p -> p.workers() > 16).toList();
    assertThat(large).hasSize(2 * 3 * 2);
    assertThat(large).allSatisfy(p -> assertThat(p.error()).isBetween(-0.15, 0.15));
    assertThat(large).allSatisfy(p -> assertThat(p.overheadError()).isBetween(-0.2, 0.2));
  }

  @Test
  void firstTurnOfSlotMayTakeLonger() {
    double more = 0.3;
    List<RoundObservation> slowFirst =
        rounds(0, 2, 4, 8, 16, 64).stream().map(o -> withStepsLongerBy(more, o)).toList();
    for (RoundPrediction prediction : RoundForecast.fit(slowFirst, 16).predictions()) {
      assertThat(prediction.error()).isCloseTo(0, within(1e-6));
    }
  }

  private static RoundObservation withStepsLongerBy(double more, RoundObservation o) {
    return new RoundObservation(
        o.implementation(),
        o.model(),
        o.parameters(),
        o.wire(),
        o.workers(),
        o.executors(),
        o.slots(),
        o.steps(),
        o.batch(),
        o.rounds(),
        o.seconds() + more,
        o.stepSeconds() + more,
        o.overheadSeconds(),
        o.driverBytes(),
        o.workerBytes());
  }

  @Test
  void whatIsHeldBackDoesNotEnterTheFit() {
    List<RoundObservation> all = rounds(0, 2, 4, 8, 16);
    RoundCostModel without = RoundForecast.fit(all, 16).cost();
    all.add(observation(TRUTH, "small", 1_000_000, 64, 2, 100));
    assertThat(RoundForecast.fit(all, 16).cost()).isEqualTo(without);
    assertThat(RoundForecast.fit(all, 64).cost()).isNotEqualTo(without);
  }

  @Test
  void roundsOfOthersAreLeftOut() {
    List<RoundObservation> all = rounds(0, 2, 4, 8);
    RoundCostModel own = RoundForecast.fit(all, 16).cost();
    RoundObservation first = all.get(0);
    all.add(
        new RoundObservation(
            "dl4j-spark", "large", 25_000_000, "float32", 4, 2, 2, 5, 2, 5, 90, 1, 89, 1e9, 1e9));
    RoundForecast forecast = RoundForecast.fit(all, 16);
    assertThat(forecast.cost()).isEqualTo(own);
    assertThat(forecast.predictions()).hasSize(all.size() - 1);
    assertThat(forecast.predictions().get(0).predictedSeconds())
        .isCloseTo(first.seconds(), within(1e-9));
  }

  @Test
  void largeClustersCostWhatTheTermsSay() {
    RoundForecast forecast = RoundForecast.fit(rounds(0, 2, 4, 8, 16), 16);
    List<ForecastLine> lines = forecast.lines("large", "float32", 0.5, List.of(10.0, 100.0));
    assertThat(lines).extracting(ForecastLine::workers).startsWith(8, 16).endsWith(512, 1024);
    assertThat(lines).hasSize(2 * 8);

    ForecastLine last = lines.get(7);
    double bytes = 8 * 25_000_000.0;
    double network = 8 * (2 * bytes + bytes * 1023 / 1024) / 10e9;
    double overhead = 0.05 + 0.001 * 1024 + 0.004 + 2e-9 * 2 * bytes + 5e-9 * bytes + network;
    assertThat(last.networkSeconds()).isCloseTo(network, within(1e-9));
    assertThat(last.overheadSeconds()).isCloseTo(overhead, within(1e-6));

    for (ForecastLine line : lines) {
      double share = line.overheadSeconds() / (line.overheadSeconds() + line.steps() * 0.5);
      double fewer = line.overheadSeconds() / (line.overheadSeconds() + (line.steps() - 1) * 0.5);
      assertThat(share).isLessThanOrEqualTo(0.05);
      assertThat(fewer).isGreaterThan(0.05);
    }
  }

  @Test
  void costsThatMeasurementsCannotTellApartAreNotCarriedOn() {
    List<RoundObservation> twoSlots =
        rounds(0, 2, 4, 8, 16).stream().filter(o -> o.slots() == 2).toList();
    assertThatThrownBy(
            () -> RoundForecast.fit(twoSlots, 16).lines("large", "float32", 1, List.of(10.0)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("numbers of slots [2] alone")
        .hasMessageContaining("measure two different ones");
    List<RoundObservation> oneNetwork =
        rounds(0, 2, 4, 8, 16).stream().filter(o -> o.model().equals("large")).toList();
    assertThatThrownBy(
            () -> RoundForecast.fit(oneNetwork, 16).lines("large", "float32", 1, List.of(10.0)))
        .hasMessageContaining("networks");
  }

  @Test
  void whatWasNotMeasuredIsNamed() {
    RoundForecast forecast = RoundForecast.fit(rounds(0, 2, 4, 8), 16);
    assertThatThrownBy(() -> forecast.lines("vgg16", "bf16", 1, List.of(10.0)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("nothing was measured of vgg16 with bf16 wire")
        .hasMessageContaining("large with float32 wire");
    assertThatThrownBy(() -> forecast.lines("large", "float32", 0, List.of(10.0)))
        .hasMessageContaining("above 0");
  }

  @Test
  void tooFewCasesAreRefused() {
    assertThatThrownBy(() -> RoundForecast.fit(rounds(0, 2, 4).subList(0, 2), 16))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("at least 3");
    List<RoundObservation> broken = rounds(0, 2, 4);
    broken.add(observation(TRUTH, "small", 1_000_000, 8, 2, -2));
    assertThatThrownBy(() -> RoundForecast.fit(broken, 16)).hasMessageContaining("cannot be");
  }

  /** Two networks on 1, 2 and 4 slots. */
  private static List<RoundObservation> rounds(double scatter, int... workers) {
    SplittableRandom random = new SplittableRandom(17);
    List<RoundObservation> rounds = new ArrayList<>();
    for (int slots : new int[] {1, 2, 4}) {
      for (int w : workers) {
        double first = 1 + scatter * (2 * random.nextDouble() - 1);
        double second = 1 + scatter * (2 * random.nextDouble() - 1);
        rounds.add(observation(TRUTH, "small", 1_000_000, w, slots, first));
        rounds.add(observation(TRUTH, "large", 25_000_000, w, slots, second));
      }
    }
    return rounds;
  }

  private static RoundObservation observation(
      RoundCostModel cost, String model, int parameters, int workers, int slots, double factor) {
    double state = 8.0 * parameters;
    RoundShape shape = new RoundShape(workers, slots, 2 * state, state);
    double overhead = factor * cost.overhead(shape);
    double steps = 5 * STEP * shape.turns();
    return new RoundObservation(
        "convoy",
        model,
        parameters,
        "float32",
        workers,
        slots,
        slots,
        5,
        2,
        5,
        overhead + steps,
        steps,
        overhead,
        2 * state,
        state);
  }
}

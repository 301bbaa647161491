package dev.convoy.data.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.InvalidRequestException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EpochPlanTest {

  record Case(int[] shards, PlanSettings settings, int epoch) {
    EpochPlan plan() {
      return EpochPlan.of(shards, settings, epoch);
    }
  }

  @Provide
  Arbitrary<Case> cases() {
    Arbitrary<int[]> shards =
        Arbitraries.integers().between(0, 40).array(int[].class).ofMinSize(1).ofMaxSize(9);
    Arbitrary<Shuffle> shuffles =
        Combinators.combine(
                Arbitraries.of(Shuffle.Kind.GLOBAL, Shuffle.Kind.WINDOW),
                Arbitraries.integers().between(1, 4))
            .as(Shuffle::new);
    return Combinators.combine(
            shards,
            shuffles,
            Arbitraries.integers().between(1, 7),
            Arbitraries.integers().between(1, 12),
            Arbitraries.longs(),
            Arbitraries.integers().between(0, 5))
        .as(
            (s, shuffle, workers, batch, seed, epoch) ->
                new Case(s, new PlanSettings(workers, batch, shuffle, seed), epoch))
        .filter(c -> IntStream.of(c.shards()).sum() >= c.settings().workers());
  }

  @Property
  void usesEveryExampleExactlyOnceInBatchesThatDifferByAtMostOne(@ForAll("cases") Case c) {
    EpochPlan plan = c.plan();
    Set<ExampleRef> seen = new HashSet<>();
    Set<Integer> sizes = new HashSet<>();
    EpochLedger ledger = new EpochLedger(plan);
    for (int worker = 0; worker < c.settings().workers(); worker++) {
      for (int step = 0; step < plan.steps(); step++) {
        ExampleRef[] batch = plan.batch(worker, step);
        sizes.add(batch.length);
        for (ExampleRef ref : batch) {
          assertThat(ref.row()).isBetween(0, c.shards()[ref.shard()] - 1);
          assertThat(seen.add(ref)).as("%s used twice", ref).isTrue();
        }
        ledger.book(plan.start(worker, step), plan.start(worker, step + 1));
      }
    }
    ledger.close();
    assertThat(seen).hasSize(IntStream.of(c.shards()).sum());
    assertThat(sizes).allMatch(size -> size <= c.settings().batch());
    int largest = sizes.stream().mapToInt(Integer::intValue).max().orElseThrow();
    assertThat(sizes).allMatch(size -> size >= largest - 1);
  }

  @Property
  void isAPureFunction(@ForAll("cases") Case c) {
    assertThat(references(c.plan(), c.settings())).isEqualTo(references(c.plan(), c.settings()));
  }

  @Property
  void aWindowKeepsAWorkerInFewShards(@ForAll("cases") Case c) {
    Shuffle window = new Shuffle(Shuffle.Kind.WINDOW, 1);
    PlanSettings settings =
        new PlanSettings(c.settings().workers(), c.settings().batch(), window, c.settings().seed());
    List<ExampleRef> order = references(EpochPlan.of(c.shards(), settings, c.epoch()), settings);
    long changes =
        IntStream.range(1, order.size())
            .filter(i -> order.get(i).shard() != order.get(i - 1).shard())
            .count();
    assertThat(changes).isLessThan(c.shards().length);
  }

  @Test
  void ordersDifferBetweenEpochsAndSeeds() {
    int[] shards = {50, 50};
    Shuffle global = new Shuffle(Shuffle.Kind.GLOBAL, 1);
    PlanSettings one = new PlanSettings(2, 10, global, 1);
    PlanSettings two = new PlanSettings(2, 10, global, 2);
    assertThat(references(EpochPlan.of(shards, one, 0), one))
        .isNotEqualTo(references(EpochPlan.of(shards, one, 1), one))
        .isNotEqualTo(references(EpochPlan.of(shards, two, 0), two));
  }

  /** Pins the numbers: another order would make old runs unrepeatable. */
  @Test
  void theOrderOfSeedOneStaysWhatItWas() {
    PlanSettings settings = new PlanSettings(1, 8, new Shuffle(Shuffle.Kind.GLOBAL, 1), 1);
    assertThat(references(EpochPlan.of(new int[] {8}, settings, 0), settings))
        .extracting(ExampleRef::row)
        .containsExactly(5, 4, 7, 1, 3, 0, 6, 2);
  }

  @Test
  void refusesMoreWorkersThanExamples() {
    PlanSettings settings = new PlanSettings(4, 8, new Shuffle(Shuffle.Kind.GLOBAL, 1), 1);
    assertThatThrownBy(() -> EpochPlan.of(new int[] {3}, settings, 0))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("workers: 4")
        .hasMessageContaining("3 examples");
  }

  @Test
  void theLedgerNamesWhatWasUsedTwiceOrLeftOut() {
    PlanSettings settings = new PlanSettings(1, 8, new Shuffle(Shuffle.Kind.GLOBAL, 1), 1);
    EpochLedger ledger = new EpochLedger(EpochPlan.of(new int[] {10}, settings, 3));
    ledger.book(0, 4);
    assertThatThrownBy(() -> ledger.book(3, 5)).hasMessageContaining("place 3 was used twice");
    ledger.book(5, 10);
    assertThatThrownBy(ledger::close)
        .hasMessageContaining("epoch 3: 9 of 10")
        .hasMessageContaining("place 4");
  }

  private static List<ExampleRef> references(EpochPlan plan, PlanSettings settings) {
    List<ExampleRef> all = new ArrayList<>();
    for (int worker = 0; worker < settings.workers(); worker++) {
      for (int step = 0; step < plan.steps(); step++) {
        all.addAll(List.of(plan.batch(worker, step)));
      }
    }
    return all;
  }
}

package dev.convoy.trainer.dl4j;

import static dev.convoy.trainer.dl4j.Fixtures.network;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.trainer.averaging.StateLayout;
import dev.convoy.trainer.averaging.WorkerState;
import dev.convoy.trainer.dl4j.Fixtures.Norm;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class StatisticsTest {

  @Test
  void findsTheStatisticsThatTheParameterLayoutNames() {
    ComputationGraph graph = network(new Sgd(0.1), Norm.VARIANCE);
    float[] numbered = numbered(Math.toIntExact(graph.numParams()));

    ReplicaParts found =
        StatisticsLayout.of(graph).split(new GraphState(numbered, new float[0], 0, 0));
    WorkerState named =
        new StateLayout(ParameterLayout.of(graph)).split(NetworkState.atRest(numbered));

    assertThat(found.means()).hasSize(8).isEqualTo(named.means());
    assertThat(found.deviations()).hasSize(8).isEqualTo(named.variances());
  }

  @Test
  void joinPutsBackWhatSplitTookApart() {
    ComputationGraph graph = network(new Adam(0.1), Norm.LOG10_STD);
    StatisticsLayout layout = StatisticsLayout.of(graph);
    GraphState present = GraphState.of(graph);
    GraphState numbered =
        new GraphState(
            numbered(present.parameters().length), numbered(present.updater().length), 3, 1);

    numbered.restore(graph);
    GraphState again = layout.join(layout.split(GraphState.of(graph)), 3, 1);

    assertThat(again.parameters()).isEqualTo(numbered.parameters());
    assertThat(again.updater()).isNotEmpty().isEqualTo(numbered.updater());
    assertThat(graph.getIterationCount()).isEqualTo(3);
    assertThat(graph.getEpochCount()).isEqualTo(1);
  }

  @Test
  void mergesByTheLawOfTotalVariance() {
    // 3 examples of mean 1 and variance 4, one of mean 5 and variance 2.
    double variance = 0.75 * (4 + 1) + 0.25 * (2 + 9);
    float[] means = {1, 5};
    float[] variances = {4, 2};
    for (DeviationForm form : DeviationForm.values()) {
      List<ReplicaParts> parts =
          IntStream.range(0, 2)
              .mapToObj(
                  k ->
                      new ReplicaParts(
                          new float[] {k},
                          new float[] {means[k]},
                          new float[] {form.ofVariance(variances[k])}))
              .toList();
      ReplicaParts merged =
          new PartMerge(new double[] {0.75, 0.25, 0}, new DeviationForm[] {form}).merge(parts);
      assertThat(merged.linear()).containsExactly(0.25f);
      assertThat(merged.means()).containsExactly(2f);
      assertThat((double) form.toVariance(merged.deviations()[0]))
          .as(form.name())
          .isCloseTo(variance, within(1e-5));
    }
    assertThat(DeviationForm.LOG10_STD.ofVariance(100)).isEqualTo(1f);
    assertThat(DeviationForm.VARIANCE.ofVariance(100)).isEqualTo(100f);
  }

  @Test
  void slicesDoNotChangeTheMerge() {
    ReplicaParts first = new ReplicaParts(numbered(10), new float[] {1}, new float[] {2});
    ReplicaParts second = new ReplicaParts(new float[10], new float[] {1.5f}, new float[] {3});
    PartMerge merge =
        new PartMerge(new double[] {0.3, 0.7}, new DeviationForm[] {DeviationForm.VARIANCE});
    ReplicaParts whole = merge.merge(List.of(first, second));

    for (int count : new int[] {1, 3, 7}) {
      Slices slices = new Slices(count);
      List<ReplicaParts> a = slices.cut(first);
      List<ReplicaParts> b = slices.cut(second);
      ReplicaParts pasted =
          Slices.paste(
              IntStream.range(0, count)
                  .mapToObj(s -> merge.merge(List.of(a.get(s), b.get(s))))
                  .toList());
      assertThat(pasted.linear()).isEqualTo(whole.linear());
      assertThat(pasted.means()).isEqualTo(whole.means());
      assertThat(pasted.deviations()).isEqualTo(whole.deviations());
    }
  }

  private static float[] numbered(int length) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = i + 0.5f;
    }
    return numbers;
  }
}

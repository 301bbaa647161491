package dev.convoy.models.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.ModelSpec;
import dev.convoy.models.OtherJvm;
import dev.convoy.models.state.NetworkState;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same steps give the same bits, whatever else the process does. */
class ReplicaBitsTest {

  @Test
  void sameBitsAgainAndInOtherThreadsAtOnce() throws Exception {
    for (ModelSpec spec : List.of(Replicas.LENET, Replicas.SMALL_RESNET)) {
      NetworkState first = Replicas.trained(spec, 6);
      assertThat(Replicas.trained(spec, 6)).as("again").isEqualTo(first);

      ExecutorService threads = Executors.newFixedThreadPool(2);
      try {
        Callable<NetworkState> training = () -> Replicas.trained(spec, 6);
        for (Future<NetworkState> result : threads.invokeAll(List.of(training, training))) {
          assertThat(result.get()).as("beside another").isEqualTo(first);
        }
      } finally {
        threads.shutdown();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void sameBitsInAnotherProcess(int threads) throws Exception {
    List<String> printed =
        OtherJvm.run(entry -> true, PrintedDigest.class, String.valueOf(threads));
    assertThat(printed).contains(PrintedDigest.MARK + PrintedDigest.digest(threads));
  }

  @Test
  void capturedAndRestoredGoesOnAsIfNothingHappened() {
    ModelSpec spec = Replicas.SMALL_RESNET;
    try (TrainingReplica one = Replicas.create(spec);
        TrainingReplica other = Replicas.create(spec)) {
      one.initialise(1);
      Replicas.train(one, spec, 3);
      other.restore(one.capture());
      Replicas.train(one, spec, 3);
      Replicas.train(other, spec, 3);
      assertThat(other.capture()).isEqualTo(one.capture());
    }
  }

  @Test
  void predictingBetweenStepsChangesNothing() {
    ModelSpec spec = Replicas.SMALL_RESNET;
    try (TrainingReplica one = Replicas.create(spec);
        TrainingReplica other = Replicas.create(spec)) {
      one.initialise(1);
      other.initialise(1);
      Replicas.train(one, spec, 2);
      other.step(Replicas.images(spec, 7, 0), Replicas.labels(7, 0), 0.05);
      other.probabilities(Replicas.images(spec, 3, 5), 3);
      other.step(Replicas.images(spec, 8, 1), Replicas.labels(8, 1), 0.05);
      assertThat(other.capture()).isEqualTo(one.capture());
    }
  }
}

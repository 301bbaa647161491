package dev.convoy.trainer.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.ModelRegistry;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import dev.convoy.trainer.Layouts;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Taking a state apart and putting it together again, on real networks. */
final class StateLayoutTest {

  @ParameterizedTest
  @ValueSource(strings = {"lenet", "resnet20_cifar"})
  void joinIsTheInverseOfSplit(String model) {
    ParameterLayout layout = Layouts.of(ModelRegistry.standard().defaultSpec(model));
    NetworkState state = random(layout);
    StateLayout parts = new StateLayout(layout);
    WorkerState split = parts.split(state);
    assertThat(parts.join(split)).isEqualTo(state);
    assertThat(split.trainable()).hasSize(layout.trainable());
    assertThat(split.trainable().length + split.means().length + split.variances().length)
        .isEqualTo(layout.length());
    assertThat(split.means().length > 0).isEqualTo(model.startsWith("resnet"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet", "resnet20_cifar"})
  void splitSharesNoArray(String model) {
    ParameterLayout layout = Layouts.of(ModelRegistry.standard().defaultSpec(model));
    NetworkState state = random(layout);
    StateLayout parts = new StateLayout(layout);
    WorkerState split = parts.split(state);
    float before = split.trainable()[0];
    state.parameters()[layout.slots().get(0).offset()] = before + 1;
    assertThat(split.trainable()[0]).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet", "resnet20_cifar"})
  void rangesOfTheTrainableElementsAreThoseOfTheSplit(String model) {
    ParameterLayout layout = Layouts.of(ModelRegistry.standard().defaultSpec(model));
    NetworkState state = random(layout);
    StateLayout parts = new StateLayout(layout);
    float[] all = parts.split(state).trainable();
    assertThat(parts.trainable()).isEqualTo(all.length);
    Random random = new Random(3);
    for (int i = 0; i < 50; i++) {
      int from = random.nextInt(all.length + 1);
      int to = from + random.nextInt(all.length - from + 1);
      assertThat(parts.trainable(state.parameters(), from, to))
          .isEqualTo(Arrays.copyOfRange(all, from, to));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = "resnet20_cifar")
  void meansAndVariancesLieBesideEachOther(String model) {
    ParameterLayout layout = Layouts.of(ModelRegistry.standard().defaultSpec(model));
    float[] parameters = new float[layout.length()];
    int norm = 0;
    for (ParameterSlot slot : layout.slots()) {
      if (slot.kind() == ParameterKind.RUNNING_MEAN
          || slot.kind() == ParameterKind.RUNNING_VARIANCE) {
        int id = slot.name().substring(0, slot.name().lastIndexOf('.')).hashCode() % 1000;
        for (int i = 0; i < slot.length(); i++) {
          parameters[slot.offset() + i] = id + i / 1000f;
        }
        norm++;
      }
    }
    assertThat(norm).as("19 batch norms").isEqualTo(38);
    WorkerState split = new StateLayout(layout).split(NetworkState.atRest(parameters));
    assertThat(split.means()).isEqualTo(split.variances());
  }

  private static NetworkState random(ParameterLayout layout) {
    Random random = new Random(7);
    float[] parameters = new float[layout.length()];
    float[] momentum = new float[layout.length()];
    for (ParameterSlot slot : layout.slots()) {
      for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
        parameters[i] = (float) random.nextGaussian();
        momentum[i] = slot.kind().trainable() ? (float) random.nextGaussian() : 0;
      }
    }
    return new NetworkState(parameters, momentum);
  }
}

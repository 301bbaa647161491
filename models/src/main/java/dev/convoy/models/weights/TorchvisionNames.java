package dev.convoy.models.weights;

import dev.convoy.models.state.NamedTensor;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** torchvision's names as they are today. */
final class TorchvisionNames {

  /** Its published DenseNets have {@code norm.1} where its code says {@code norm1}. */
  private static final Pattern OLD_DENSE_LAYER =
      Pattern.compile("(.*denselayer\\d+\\.(?:norm|conv))\\.([12]\\.\\w+)");

  private TorchvisionNames() {}

  static SortedMap<String, NamedTensor> current(SortedMap<String, NamedTensor> tensors) {
    RenamedTensors current = new RenamedTensors();
    tensors.forEach(
        (name, tensor) ->
            current.put(name, OLD_DENSE_LAYER.matcher(name).replaceFirst("$1$2"), tensor));
    return current.tensors();
  }
}

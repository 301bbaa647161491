package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.layers.InputNormalization;
import java.util.ArrayList;
import java.util.List;

/** Pictures as they are decoded to normalised numbers. */
final class NormalizationTranslator implements Translator<InputNormalization> {
  @Override
  public List<String> refusals(InputNormalization layer) {
    return List.of();
  }

  @Override
  public Value translate(InputNormalization layer, VertexScope scope) {
    Value input = scope.input();
    TensorType type = input.type();
    if (type.element() != ElementType.UINT8 || type.layout() != Layout.CHANNELS_LAST) {
      throw new IllegalArgumentException(
          "its input has to be the graph's, in bytes and channels last, but is " + type);
    }
    Op op = new Op.NormalizeImages(list(layer.scale()), list(layer.shift()));
    return scope.apply(op, input.shape(), input);
  }

  private static List<Float> list(float[] values) {
    List<Float> list = new ArrayList<>();
    for (float value : values) {
      list.add(value);
    }
    return list;
  }
}

package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.ir.Window;
import dev.convoy.models.layers.AdaptiveAveragePooling;
import java.util.List;

/** Average pooling to a given size, where its windows are all alike. */
final class AdaptivePoolingTranslator implements Translator<AdaptiveAveragePooling> {
  @Override
  public List<String> refusals(AdaptiveAveragePooling layer) {
    return List.of();
  }

  @Override
  public Value translate(AdaptiveAveragePooling layer, VertexScope scope) {
    Value input = scope.input();
    Shape in = input.shape();
    if (in.height() == layer.getHeight() && in.width() == layer.getWidth()) {
      return input;
    }
    if (in.height() % layer.getHeight() != 0 || in.width() % layer.getWidth() != 0) {
      throw new IllegalArgumentException(
          String.format(
              "%dx%d does not divide its input %s: its windows differ in size",
              layer.getHeight(), layer.getWidth(), in));
    }
    int rows = in.height() / layer.getHeight();
    int columns = in.width() / layer.getWidth();
    Window window = new Window(rows, columns, rows, columns, 1, 1, 0, 0, 0, 0);
    return PoolingTranslator.pool(window, Op.PoolKind.AVERAGE, input, scope);
  }
}

package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.ir.Window;
import dev.convoy.models.layers.AdaptiveAveragePooling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Average pooling to a given size. Where its windows differ, or overlap by differing amounts, rows
 * and then columns are averaged window by window: the mean over a rectangle is the mean of its
 * rows' means.
 */
final class AdaptivePoolingTranslator implements Translator<AdaptiveAveragePooling> {
  private static final int ROWS = 2;
  private static final int COLUMNS = 3;

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
    if (in.height() % layer.getHeight() == 0 && in.width() % layer.getWidth() == 0) {
      int rows = in.height() / layer.getHeight();
      int columns = in.width() / layer.getWidth();
      Window window = new Window(rows, columns, rows, columns, 1, 1, 0, 0, 0, 0);
      return PoolingTranslator.pool(window, Op.PoolKind.AVERAGE, input, scope);
    }
    Value rows = averaged(input, ROWS, layer.getHeight(), scope);
    return averaged(rows, COLUMNS, layer.getWidth(), scope);
  }

  /** Window i of n over so many pixels reaches from floor(i size / n) to ceil((i + 1) size / n). */
  private static Value averaged(Value input, int dimension, int windows, VertexScope scope) {
    int size = input.shape().get(dimension);
    List<Value> means = new ArrayList<>();
    for (int i = 0; i < windows; i++) {
      int begin = i * size / windows;
      int end = ((i + 1) * size + windows - 1) / windows;
      means.add(mean(input, dimension, begin, end - begin, scope));
    }
    Shape shape = input.shape().with(dimension, windows);
    return scope.apply(new Op.Concat(dimension), shape, means.toArray(new Value[0]));
  }

  private static Value mean(Value input, int dimension, int begin, int length, VertexScope scope) {
    List<Integer> corner = new ArrayList<>(Collections.nCopies(input.shape().rank(), 0));
    corner.set(dimension, begin);
    Shape part = input.shape().with(dimension, length);
    Value slice = scope.apply(new Op.Slice(corner), part, input);
    int height = dimension == ROWS ? length : 1;
    int width = dimension == COLUMNS ? length : 1;
    Window window = new Window(height, width, 1, 1, 1, 1, 0, 0, 0, 0);
    return PoolingTranslator.pool(window, Op.PoolKind.AVERAGE, slice, scope);
  }
}

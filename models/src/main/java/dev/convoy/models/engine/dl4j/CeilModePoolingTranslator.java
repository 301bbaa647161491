package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.ir.Window;
import dev.convoy.models.layers.CeilModePooling;
import java.util.List;

/** Pooling whose last window may hang over: padding at the bottom and the right, more or less. */
final class CeilModePoolingTranslator implements Translator<CeilModePooling> {
  private static final PoolingTranslator FLOOR = new PoolingTranslator();

  @Override
  public List<String> refusals(CeilModePooling layer) {
    return FLOOR.refusals(layer);
  }

  @Override
  public Value translate(CeilModePooling layer, VertexScope scope) {
    Value input = scope.input();
    Shape in = input.shape();
    int[] padding = layer.getPadding();
    int bottom = after(layer, 0, in.height());
    int right = after(layer, 1, in.width());
    Window window =
        new Window(
            layer.getKernelSize()[0],
            layer.getKernelSize()[1],
            layer.getStride()[0],
            layer.getStride()[1],
            layer.getDilation()[0],
            layer.getDilation()[1],
            padding[0],
            padding[1],
            bottom,
            right);
    Op.PoolKind kind = PoolingTranslator.kind(layer);
    if (kind == Op.PoolKind.AVERAGE_WITH_PADDING) {
      kind = withoutOverhang(padding, bottom, right);
    }
    return PoolingTranslator.pool(window, kind, input, scope);
  }

  private static int after(CeilModePooling layer, int side, int size) {
    int reach = (layer.getKernelSize()[side] - 1) * layer.getDilation()[side] + 1;
    int last = (layer.windows(side, size) - 1) * layer.getStride()[side];
    return last + reach - size - layer.getPadding()[side];
  }

  /** Padding counts in the divisor, but what hangs over beyond it does not. */
  private static Op.PoolKind withoutOverhang(int[] padding, int bottom, int right) {
    if (padding[0] == 0 && padding[1] == 0) {
      return Op.PoolKind.AVERAGE;
    }
    if (bottom > padding[0] || right > padding[1]) {
      throw new IllegalArgumentException(
          "its average counts padding but not what hangs over; set avgPoolIncludePadInDivisor to"
              + " false");
    }
    return Op.PoolKind.AVERAGE_WITH_PADDING;
  }
}

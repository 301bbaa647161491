package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.ir.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PoolingsTest {
  private static final OneDnnBackend BACKEND = OneDnnBackend.withThreads(1);
  private static final List<Window> WINDOWS =
      List.of(
          Window.square(2, 2, 0),
          Window.square(3, 2, 1),
          new Window(3, 2, 2, 1, 1, 1, 1, 0, 0, 1),
          new Window(2, 2, 2, 2, 1, 1, 0, 0, -1, 1),
          new Window(3, 3, 1, 2, 2, 1, 1, 1, 1, 1),
          new Window(9, 8, 1, 1, 1, 1, 0, 0, 0, 0));

  private final Random random = new Random(13);

  @ParameterizedTest
  @EnumSource
  void forwardAndBackward(Op.PoolKind kind) {
    for (Window window : WINDOWS) {
      for (Layout.Standard layout :
          List.of(
              Layout.Standard.PLAIN,
              Layout.Standard.CHANNELS_LAST,
              Layout.Standard.CHANNELS_BLOCKED)) {
        check(kind, window, new TensorType(ElementType.FLOAT32, Shape.of(2, 7, 9, 8), layout));
      }
      Layout best = BACKEND.activationLayout(TensorType.plain(Shape.of(1, 19, 9, 8)));
      for (ElementType element : Bfloat16Kernels.activations()) {
        check(kind, window, new TensorType(element, Shape.of(1, 19, 9, 8), best));
      }
    }
  }

  private void check(Op.PoolKind kind, Window window, TensorType x) {
    Shape xs = x.shape();
    Shape ys = Reference.convolved(xs, xs.channels(), window);
    TensorType y = x.with(ys);
    float[] values = distinct(xs);
    float[] dy = Reference.random(ys, random);
    double[] expected = Reference.zeros(ys);
    double[] dx = Reference.zeros(xs);
    pool(kind, window, xs, ys, values, dy, expected, dx);
    double tolerance = x.element() == ElementType.FLOAT32 ? Close.FLOAT32 : Close.BFLOAT16;
    String what = kind + " " + window + " " + x;
    try (TestProgram program = new TestProgram(BACKEND)) {
      List<TensorType> outputs = new ArrayList<>(List.of(y));
      if (kind == Op.PoolKind.MAX) {
        outputs.add(TestProgram.workspace());
      }
      Value in = program.as(program.input(xs, values), x);
      List<Value> forward =
          program.apply(new Op.Pool(window, kind), List.of(in), outputs.toArray(TensorType[]::new));
      Value inference = program.apply(new Op.Pool(window, kind), List.of(in), y).get(0);
      List<Value> operands = new ArrayList<>();
      operands.add(program.as(program.input(ys, dy), y));
      operands.addAll(forward.subList(1, forward.size()));
      Value backward = program.apply(new Op.PoolBackward(window, kind), operands, x).get(0);
      Value trained = program.result(forward.get(0));
      Value inferred = program.result(inference);
      Value gradient = program.result(backward);
      program.run(0);
      Close.check(what, program.read(trained), expected, tolerance);
      Close.check(what, program.read(inferred), expected, tolerance);
      Close.check("dx " + what, program.read(gradient), dx, tolerance);
    }
  }

  /** All different, also in bfloat16 within any window, so that a maximum is at one place. */
  private float[] distinct(Shape shape) {
    float[] values = new float[(int) shape.elements()];
    int area = shape.height() * shape.width();
    for (int c = 0; c < values.length / area; c++) {
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < area; i++) {
        order.add(i);
      }
      Collections.shuffle(order, random);
      for (int i = 0; i < area; i++) {
        values[c * area + i] = order.get(i) - 30;
      }
    }
    return values;
  }

  private static void pool(
      Op.PoolKind kind,
      Window window,
      Shape xs,
      Shape ys,
      float[] x,
      float[] dy,
      double[] y,
      double[] dx) {
    int in = xs.height() * xs.width();
    int out = ys.height() * ys.width();
    for (int plane = 0; plane < xs.batch() * xs.channels(); plane++) {
      int from = plane * in;
      int to = plane * out;
      int[] seen = new int[out];
      int[] largest = new int[out];
      Arrays.fill(largest, -1);
      double[] sums = new double[out];
      Reference.slide(
          xs,
          ys,
          window,
          (pixel, place, result) -> {
            seen[result]++;
            sums[result] += x[from + pixel];
            if (largest[result] < 0 || x[from + pixel] > x[from + largest[result]]) {
              largest[result] = pixel;
            }
          });
      int all = window.height() * window.width();
      for (int i = 0; i < out; i++) {
        int divisor = kind == Op.PoolKind.AVERAGE ? seen[i] : all;
        y[to + i] = kind == Op.PoolKind.MAX ? x[from + largest[i]] : sums[i] / divisor;
        if (kind == Op.PoolKind.MAX) {
          dx[from + largest[i]] += dy[to + i];
        }
      }
      if (kind != Op.PoolKind.MAX) {
        Reference.slide(
            xs,
            ys,
            window,
            (pixel, place, result) ->
                dx[from + pixel] +=
                    dy[to + result] / (kind == Op.PoolKind.AVERAGE ? seen[result] : all));
      }
    }
  }
}

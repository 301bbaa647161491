package dev.convoy.models.engine;

import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Computes forward programs as a source writes them, naively, in double. */
public final class ReferenceInterpreter {
  private final Map<External.Buffer, Map<Integer, double[]>> memory =
      new EnumMap<>(External.Buffer.class);
  private final Map<Value, double[]> values = new HashMap<>();
  private Map<Value, double[]> masks = Map.of();

  /** Memory outside the program. */
  public ReferenceInterpreter bind(External.Buffer buffer, int index, double[] elements) {
    memory.computeIfAbsent(buffer, b -> new TreeMap<>()).put(index, elements);
    return this;
  }

  /** Dropout's masks, by the values that they become; what is missing is drawn here. */
  public ReferenceInterpreter masks(Map<Value, double[]> given) {
    masks = Map.copyOf(given);
    return this;
  }

  /** Runs the program once. */
  public void run(Program program) {
    program.externals().forEach((value, place) -> values.put(value, read(value, place)));
    for (Operation operation : program.operations()) {
      compute(operation);
    }
    program.externals().forEach((value, place) -> write(values.get(value), place));
  }

  /** A value after the run. */
  public double[] value(Value value) {
    return values.get(value);
  }

  private double[] read(Value value, External place) {
    double[] elements = new double[(int) value.shape().elements()];
    System.arraycopy(buffer(place), (int) place.offset(), elements, 0, elements.length);
    return elements;
  }

  private void write(double[] elements, External place) {
    System.arraycopy(elements, 0, buffer(place), (int) place.offset(), elements.length);
  }

  private double[] buffer(External place) {
    return memory.get(place.buffer()).get(place.index());
  }

  private void compute(Operation operation) {
    double[][] in = operation.inputs().stream().map(values::get).toArray(double[][]::new);
    double[][] out = new double[operation.outputs().size()][];
    for (int i = 0; i < out.length; i++) {
      // The arrays of external outputs are there already: an operation writes all of them.
      out[i] = new double[(int) operation.output(i).shape().elements()];
      values.put(operation.output(i), out[i]);
    }
    Shape y = operation.output(0).shape();
    Shape x = operation.inputs().isEmpty() ? y : operation.input(0).shape();
    Op op = operation.op();
    if (op instanceof Op.Reshape) {
      System.arraycopy(in[0], 0, out[0], 0, out[0].length);
    } else if (op instanceof Op.Slice slice) {
      Boxes.copy(in[0], x, slice.from(), out[0], y, y);
    } else if (op instanceof Op.Pad pad) {
      Boxes.paste(in[0], x, out[0], y, pad.before());
    } else if (op instanceof Op.Concat concat) {
      Boxes.concat(operation, in, out[0], concat.axis());
    } else if (op instanceof Op.Convolution convolution) {
      Windowed.convolution(convolution, x, in, y, out[0]);
    } else if (op instanceof Op.Pool pool) {
      Windowed.pool(pool, x, in[0], y, out[0]);
    } else if (op instanceof Op.Dense) {
      Pointwise.dense(in, y, out[0]);
    } else if (op instanceof Op.BatchNorm norm) {
      Norms.batch(norm.epsilon(), x, in, out);
    } else if (op instanceof Op.FixedBatchNorm norm) {
      Norms.fixed(norm.epsilon(), x, in[0], in[1], in[2], in[3], in[4], out[0]);
    } else if (op instanceof Op.RunningStatistics running) {
      Norms.running(running, in, out);
    } else if (op instanceof Op.Lrn lrn) {
      Norms.lrn(lrn, x, in[0], out[0]);
    } else if (op instanceof Op.Activate activate) {
      Activation activation = activate.activation();
      Pointwise.map(in[0], out[0], value -> Pointwise.activate(activation, value));
    } else if (op instanceof Op.Add) {
      Pointwise.combine(in, out[0], Double::sum);
    } else if (op instanceof Op.Multiply) {
      Pointwise.combine(in, out[0], (a, b) -> a * b);
    } else if (op instanceof Op.DropoutMask && masks.containsKey(operation.output(0))) {
      System.arraycopy(masks.get(operation.output(0)), 0, out[0], 0, out[0].length);
    } else if (op instanceof Op.DropoutMask mask) {
      Pointwise.mask(mask, out[0]);
    } else if (op instanceof Op.Softmax) {
      Pointwise.softmax(x, in[0], out[0]);
    } else if (op instanceof Op.SoftmaxCrossEntropy loss) {
      Pointwise.crossEntropy(loss, x, in, out);
    } else {
      throw new UnsupportedOperationException(operation + " is no operation of a source");
    }
  }
}

package dev.convoy.models.engine;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.backend.MomentumUpdate;
import dev.convoy.models.engine.backend.ParameterUpdate;
import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.ForwardPass;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.ProgramBuilder;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.onednn.OneDnnBackend;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Two dense layers, written without DL4J and trained through the plan's own face: a program that
 * {@link WithoutNd4jTest} runs where there is no ND4J. It prints the mean loss of each step.
 */
final class HandWrittenNetwork implements NetworkSource {
  static final int STEPS = 60;

  private static final int FEATURES = 8;
  private static final int HIDDEN = 16;
  private static final int CLASSES = 3;
  private static final int BATCH = 12;
  private static final int SECOND = HIDDEN * FEATURES;
  private static final int PARAMETERS = SECOND + CLASSES * HIDDEN;

  public static void main(String[] args) {
    Backend backend = OneDnnBackend.withThreads(1);
    Random random = new Random(1);
    try (CompiledNetwork network =
            new CompiledNetwork(new HandWrittenNetwork(), backend, Precision.FLOAT32);
        DeviceMemory images = filled(backend, BATCH * FEATURES, random);
        DeviceMemory labels = backend.allocate(4L * BATCH * CLASSES);
        DeviceMemory parameters = filled(backend, PARAMETERS, random);
        DeviceMemory gradient = backend.allocate(4L * PARAMETERS);
        DeviceMemory momentum = backend.allocate(4L * PARAMETERS)) {
      float[] wanted = new float[BATCH * CLASSES];
      for (int i = 0; i < BATCH; i++) {
        wanted[i * CLASSES + i % CLASSES] = 1;
      }
      labels.write(0, wanted);
      momentum.write(0, new float[PARAMETERS]);
      Bindings bindings =
          new Bindings()
              .bind(Buffer.IMAGES, images.address())
              .bind(Buffer.LABELS, labels.address())
              .bind(Buffer.PARAMETERS, parameters.address())
              .bind(Buffer.GRADIENT, gradient.address())
              .bind(Buffer.MOMENTUM, momentum.address());
      var descent = new MomentumUpdate.Part(0, PARAMETERS, MomentumUpdate.Rule.DESCENT, 0);
      ParameterUpdate update = backend.update(new MomentumUpdate(0.9f, List.of(descent)));
      for (int step = 0; step < STEPS; step++) {
        double loss = network.step(BATCH, bindings, step, update, BATCH, 0.05);
        System.out.println("loss " + loss / BATCH);
      }
    }
  }

  private static DeviceMemory filled(Backend backend, int length, Random random) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian() / 2;
    }
    DeviceMemory memory = backend.allocate(4L * length);
    memory.write(0, values);
    return memory;
  }

  @Override
  public ForwardPass forward(int batch, Mode mode) {
    if (mode != Mode.TRAINING) {
      throw new IllegalArgumentException("only written for training");
    }
    ProgramBuilder builder = new ProgramBuilder();
    Value x = external(builder, "x", External.of(Buffer.IMAGES), batch, FEATURES);
    Value w1 = external(builder, "w1", External.at(Buffer.PARAMETERS, 0), HIDDEN, FEATURES);
    Value w2 = external(builder, "w2", External.at(Buffer.PARAMETERS, SECOND), CLASSES, HIDDEN);
    Value labels = external(builder, "labels", External.of(Buffer.LABELS), batch, CLASSES);
    Value losses = external(builder, "losses", External.of(Buffer.LOSSES), batch);
    Op relu = new Op.Dense(Op.Bias.ABSENT, Activation.RELU);
    Op linear = new Op.Dense(Op.Bias.ABSENT, Activation.IDENTITY);
    Value hidden = builder.apply(relu, "hidden", type(batch, HIDDEN), x, w1);
    Value logits = builder.apply(linear, "logits", type(batch, CLASSES), hidden, w2);
    Value slope = builder.value("dlogits", type(batch, CLASSES));
    builder.add(new Op.SoftmaxCrossEntropy(0, 1), List.of(logits, labels), List.of(losses, slope));
    return new ForwardPass(builder.build(), Set.of(w1, w2));
  }

  @Override
  public long parameters() {
    return PARAMETERS;
  }

  private static Value external(ProgramBuilder builder, String name, External place, int... shape) {
    return builder.external(name, type(shape), place);
  }

  private static TensorType type(int... shape) {
    return TensorType.plain(Shape.of(shape));
  }
}

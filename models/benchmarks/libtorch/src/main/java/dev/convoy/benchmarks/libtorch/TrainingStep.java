package dev.convoy.benchmarks.libtorch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Forward, backward and update. */
final class TrainingStep implements Step {
  /** Small, so that random labels do not make the weights diverge. */
  private static final double LEARNING_RATE = 1e-3;

  private final Network network;
  private final Batch batch;
  private final Precision precision;
  private final MomentumSgd sgd;
  private double loss;

  TrainingStep(Network network, Weights weights, Batch batch, Precision precision) {
    this.network = network;
    this.batch = batch;
    this.precision = precision;
    this.sgd = new MomentumSgd(weights.parameters().values(), LEARNING_RATE);
  }

  @Override
  @SuppressWarnings("try")
  public void run() {
    try (PointerScope scope = new PointerScope()) {
      sgd.dropGradients();
      try (Tensor value = forward()) {
        value.backward();
        loss = value.item_double();
      }
      sgd.step();
    }
  }

  @SuppressWarnings("try")
  private Tensor forward() {
    try (Autocast autocast = new Autocast(precision)) {
      return Loss.of(network.logits(batch.images(), Mode.TRAINING), batch.labels());
    }
  }

  @Override
  public void check() {
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException("the loss became " + loss);
    }
  }

  @Override
  public void close() {}
}

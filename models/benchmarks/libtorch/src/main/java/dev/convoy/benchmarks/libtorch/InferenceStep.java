package dev.convoy.benchmarks.libtorch;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;

/** Forward in inference mode; the autocast scope spans all steps, so weights are cast once. */
final class InferenceStep implements Step {
  private final Network network;
  private final Batch batch;
  private final InferenceMode guard;
  private final Autocast autocast;
  private double sum;

  InferenceStep(Network network, Batch batch, Precision precision) {
    this.network = network;
    this.batch = batch;
    this.guard = new InferenceMode(true);
    this.autocast = new Autocast(precision);
  }

  @Override
  @SuppressWarnings("try")
  public void run() {
    try (PointerScope scope = new PointerScope()) {
      List<Tensor> logits = network.logits(batch.images(), Mode.INFERENCE);
      try (Tensor first = logits.get(0);
          Tensor total = first.sum()) {
        sum = total.item_double();
      }
    }
  }

  @Override
  public void check() {
    if (!Double.isFinite(sum)) {
      throw new IllegalStateException("the logits' sum became " + sum);
    }
  }

  @Override
  public void close() {
    autocast.close();
    guard.close();
  }
}

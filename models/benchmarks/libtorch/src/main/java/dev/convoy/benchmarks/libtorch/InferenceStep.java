package dev.convoy.benchmarks.libtorch;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Forward without gradients. One autocast scope spans all steps, so that weights are cast once. Not
 * in {@code InferenceMode}: there autocast casts them anew in every pass (PyTorch's pull request
 * 165068), which makes AlexNet three times slower.
 */
final class InferenceStep implements Step {
  private final Network network;
  private final Batch batch;
  private final NoGradGuard guard;
  private final Autocast autocast;
  private double sum;

  InferenceStep(Network network, Batch batch, Precision precision) {
    this.network = network;
    this.batch = batch;
    this.guard = new NoGradGuard();
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

package dev.convoy.benchmarks.libtorch;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Mean softmax cross-entropy, on float32 logits where they come in bfloat16. */
final class Loss {
  /** Of each auxiliary classifier (Szegedy et al. 2014, arXiv:1409.4842, section 5). */
  private static final double AUXILIARY_WEIGHT = 0.3;

  private Loss() {}

  /**
   * The classifier's loss and the auxiliary classifiers' weighted ones.
   *
   * @param logits {@code [n, classes]} each, the classifier's first; closed here
   * @param labels {@code [n]}, int64
   * @return a scalar, which the caller closes
   */
  static Tensor of(List<Tensor> logits, Tensor labels) {
    Tensor loss = crossEntropy(logits.get(0), labels);
    for (Tensor auxiliary : logits.subList(1, logits.size())) {
      try (Tensor own = crossEntropy(auxiliary, labels);
          Scalar weight = new Scalar(AUXILIARY_WEIGHT);
          Tensor weighted = own.mul(weight);
          Tensor before = loss) {
        loss = before.add(weighted);
      }
    }
    return loss;
  }

  private static Tensor crossEntropy(Tensor logits, Tensor labels) {
    if (logits.scalar_type() != torch.ScalarType.BFloat16) {
      try (logits) {
        return torch.cross_entropy_loss(logits, labels);
      }
    }
    try (logits;
        Tensor wide = logits.to(torch.ScalarType.Float)) {
      return torch.cross_entropy_loss(wide, labels);
    }
  }
}

package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import java.util.List;
import java.util.Optional;

/** Which primitives or loops each operation becomes. */
final class Lowerings {
  private Lowerings() {}

  /**
   * Lowers one operation.
   *
   * @throws UnsupportedOperationException if neither the library nor a loop of ours computes it
   */
  static Lowered lower(Lowering lowering) {
    Op op = lowering.op();
    if (op instanceof Op.Convolution convolution) {
      return Convolutions.forward(convolution, lowering);
    } else if (op instanceof Op.ConvolutionBackwardData convolution) {
      return Convolutions.backwardData(convolution, lowering);
    } else if (op instanceof Op.ConvolutionBackwardWeights convolution) {
      return Convolutions.backwardWeights(convolution, lowering);
    } else if (op instanceof Op.Dense dense) {
      return DenseLayers.forward(dense, lowering);
    } else if (op instanceof Op.DenseBackwardData) {
      return DenseLayers.backwardData(lowering);
    } else if (op instanceof Op.DenseBackwardWeights dense) {
      return DenseLayers.backwardWeights(dense, lowering);
    } else if (op instanceof Op.BatchNorm norm) {
      return BatchNorms.forward(norm, lowering);
    } else if (op instanceof Op.BatchNormBackward norm) {
      return BatchNorms.backward(norm, lowering);
    } else if (op instanceof Op.FixedBatchNorm norm) {
      return BatchNorms.fixed(norm, lowering);
    } else if (op instanceof Op.FixedBatchNormBackward norm) {
      return BatchNorms.fixedBackward(norm, lowering);
    } else if (op instanceof Op.FoldBatchNorm fold) {
      return FoldBatchNorm.lower(fold, lowering);
    } else if (op instanceof Op.ExpandGroups expand) {
      return GroupBlocks.expand(expand, lowering);
    } else if (op instanceof Op.CollapseGroups collapse) {
      return GroupBlocks.collapse(collapse, lowering);
    } else if (op instanceof Op.RunningStatistics statistics) {
      return RunningStatistics.lower(statistics, lowering);
    } else if (op instanceof Op.Pool pool) {
      return Poolings.forward(pool, lowering);
    } else if (op instanceof Op.PoolBackward pool) {
      return Poolings.backward(pool, lowering);
    } else if (op instanceof Op.Lrn lrn) {
      return LocalResponseNorms.forward(lrn, lowering);
    } else if (op instanceof Op.LrnBackward lrn) {
      return LocalResponseNorms.backward(lrn, lowering);
    }
    return lowerSmall(lowering);
  }

  private static Lowered lowerSmall(Lowering lowering) {
    Op op = lowering.op();
    if (op instanceof Op.Activate activate) {
      return Elementwise.activate(activate, lowering);
    } else if (op instanceof Op.ActivateBackward activate) {
      return Elementwise.activateBackward(activate, lowering);
    } else if (op instanceof Op.Add add) {
      return Elementwise.add(add, lowering);
    } else if (op instanceof Op.Multiply) {
      return Elementwise.multiply(lowering);
    } else if (op instanceof Op.Softmax) {
      return Elementwise.softmax(lowering);
    } else if (op instanceof Op.SoftmaxCrossEntropy loss) {
      return SoftmaxCrossEntropy.lower(loss, lowering);
    } else if (op instanceof Op.NormalizeImages normalize) {
      return NormalizeImages.lower(normalize, lowering);
    } else if (op instanceof Op.DropoutMask mask) {
      return DropoutMask.lower(mask, lowering);
    } else if (op instanceof Op.Reorder) {
      return Rearrangements.reorder(lowering);
    } else if (op instanceof Op.Slice slice) {
      return Rearrangements.slice(slice, lowering);
    } else if (op instanceof Op.Pad pad) {
      return Rearrangements.pad(pad, lowering);
    } else if (op instanceof Op.Concat concat) {
      return Rearrangements.concat(concat, lowering);
    } else if (op instanceof Op.Reshape) {
      return reshape(lowering);
    }
    throw new UnsupportedOperationException("oneDNN's backend does not know " + lowering);
  }

  private static Lowered reshape(Lowering lowering) {
    if (lowering.input(0).layout() != Layout.PLAIN || lowering.output(0).layout() != Layout.PLAIN) {
      throw new UnsupportedOperationException("only what is PLAIN is reshaped: " + lowering);
    }
    return new Lowered(List.of(), Optional.of(new Stage.Input(0)), 0);
  }
}

package dev.convoy.models.engine.dl4j;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.FwdPassType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What of a graph goes to the stock layers, which it says once; and the labels, which DL4J hides.
 */
abstract class StockPaths extends ComputationGraph {
  private static final long serialVersionUID = 1L;

  private final transient StockNotices notices = new StockNotices();
  private transient INDArray[] labels;
  private transient boolean inStockStep;

  StockPaths(ComputationGraphConfiguration configuration) {
    super(configuration);
  }

  final StockNotices notices() {
    return notices;
  }

  /** The labels that were set last; null before. */
  final INDArray[] labels() {
    return labels;
  }

  @Override
  public void setLabel(int index, INDArray label) {
    super.setLabel(index, label);
    if (labels == null) {
      labels = new INDArray[getNumOutputArrays()];
    }
    labels[index] = label;
  }

  @Override
  public void setLabels(INDArray... labels) {
    super.setLabels(labels);
    this.labels = labels;
  }

  @Override
  public void clear() {
    super.clear();
    labels = null;
  }

  final void stockStep() {
    inStockStep = true;
    try {
      super.computeGradientAndScore();
    } finally {
      inStockStep = false;
    }
  }

  /** Whether all of it is there. */
  static boolean isWhole(INDArray[] arrays) {
    return arrays != null && Arrays.stream(arrays).allMatch(Objects::nonNull);
  }

  static boolean anyMask(INDArray[] masks) {
    return masks != null && Arrays.stream(masks).anyMatch(Objects::nonNull);
  }

  @Override
  protected void calcBackpropGradients(
      boolean clearLayers, boolean truncated, INDArray... externalEpsilons) {
    if (!inStockStep) {
      notices.say("Gradients of external errors are computed", "plans begin at their own losses");
    }
    super.calcBackpropGradients(clearLayers, truncated, externalEpsilons);
  }

  @Override
  protected synchronized Map<String, INDArray> ffToLayerActivationsDetached(
      boolean train,
      FwdPassType pass,
      boolean storeLastForTbptt,
      int layer,
      int[] exclude,
      INDArray[] features,
      INDArray[] featureMasks,
      INDArray[] labelMasks,
      boolean clearLayers) {
    sayActivations();
    return super.ffToLayerActivationsDetached(
        train,
        pass,
        storeLastForTbptt,
        layer,
        exclude,
        features,
        featureMasks,
        labelMasks,
        clearLayers);
  }

  @Override
  protected synchronized Map<String, INDArray> ffToLayerActivationsInWS(
      boolean train,
      int layer,
      int[] exclude,
      FwdPassType pass,
      boolean storeLastForTbptt,
      INDArray[] features,
      INDArray[] featureMasks,
      INDArray[] labelMasks,
      boolean clearInputs) {
    sayActivations();
    return super.ffToLayerActivationsInWS(
        train,
        layer,
        exclude,
        pass,
        storeLastForTbptt,
        features,
        featureMasks,
        labelMasks,
        clearInputs);
  }

  private void sayActivations() {
    if (!inStockStep) {
      notices.say("Activations of single layers are computed", "plans keep only what they need");
    }
  }
}

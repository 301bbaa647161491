package dev.convoy.models.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.activations.IActivation;

/** Collects what stands against a configuration. */
final class Reasons {
  private final List<String> reasons = new ArrayList<>();

  Reasons refuse(boolean when, String reason) {
    if (when) {
      reasons.add(reason);
    }
    return this;
  }

  Reasons format(CNN2DFormat format) {
    return refuse(
        format != CNN2DFormat.NCHW, "its images are " + format + "; only NCHW is compiled");
  }

  Reasons mode(ConvolutionMode mode) {
    return refuse(
        mode == ConvolutionMode.Causal, "the convolution mode Causal is for sequences only");
  }

  Reasons activation(IActivation activation) {
    return refuse(
        Activations.of(activation).isEmpty(),
        "the activation " + activation + " is none of the engine's");
  }

  /** For layers that apply their dropout; the others of DL4J ignore it. */
  Reasons dropout(IDropout dropout) {
    if (dropout == null) {
      return this;
    }
    if (dropout.getClass() != Dropout.class) {
      return refuse(true, dropout.getClass().getSimpleName() + " is not supported, only Dropout");
    }
    return refuse(
        ((Dropout) dropout).getPSchedule() != null, "a schedule of dropout is not supported");
  }

  Reasons weightNoise(BaseLayer layer) {
    return refuse(layer.getWeightNoise() != null, "weight noise is not supported");
  }

  List<String> list() {
    return List.copyOf(reasons);
  }
}

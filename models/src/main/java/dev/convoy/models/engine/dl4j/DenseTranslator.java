package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;

/** Fully connected layers. */
final class DenseTranslator implements Translator<DenseLayer> {
  @Override
  public List<String> refusals(DenseLayer layer) {
    return new Reasons()
        .activation(layer.getActivationFn())
        .dropout(layer.getIDropout())
        .weightNoise(layer)
        .refuse(layer.hasLayerNorm(), "layer normalisation is not supported")
        .list();
  }

  @Override
  public Value translate(DenseLayer layer, VertexScope scope) {
    Value result = affine(layer, layer.hasBias(), scope);
    return scope.activate(result, Activations.of(layer.getActivationFn()).orElseThrow());
  }

  /**
   * {@code x W + b}. DL4J's W is {@code [in, out]} in Fortran order, which is {@code [out, in]} in
   * C order.
   */
  static Value affine(FeedForwardLayer layer, boolean hasBias, VertexScope scope) {
    Value input = Dropouts.apply(layer.getIDropout(), scope.input(), scope);
    Shape in = input.shape();
    if (in.elements() / in.batch() != layer.getNIn()) {
      throw new IllegalArgumentException(
          "it takes " + layer.getNIn() + " features, its input is " + in);
    }
    int out = Math.toIntExact(layer.getNOut());
    Value weights = scope.parameter("W", out, in.channels());
    Op op = new Op.Dense(hasBias ? Op.Bias.PRESENT : Op.Bias.ABSENT, Activation.IDENTITY);
    Shape shape = Shape.of(in.batch(), out);
    return hasBias
        ? scope.apply(op, shape, input, weights, scope.parameter("b", out))
        : scope.apply(op, shape, input, weights);
  }
}

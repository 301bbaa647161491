package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.ir.Window;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;

/** Two-dimensional convolutions. */
final class ConvolutionTranslator implements Translator<ConvolutionLayer> {
  @Override
  public List<String> refusals(ConvolutionLayer layer) {
    return new Reasons()
        .format(layer.getCnn2dDataFormat())
        .mode(layer.getConvolutionMode())
        .activation(layer.getActivationFn())
        .dropout(layer.getIDropout())
        .weightNoise(layer)
        .list();
  }

  @Override
  public Value translate(ConvolutionLayer layer, VertexScope scope) {
    return convolution(layer, 1, scope);
  }

  static Value convolution(ConvolutionLayer layer, int groups, VertexScope scope) {
    Value input = Dropouts.apply(layer.getIDropout(), scope.input(), scope);
    Shape in = input.shape();
    Window window =
        Windows.of(
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            layer.getDilation(),
            layer.getConvolutionMode(),
            in);
    int out = Math.toIntExact(layer.getNOut());
    int inputs = Math.toIntExact(layer.getNIn());
    if (in.channels() != inputs) {
      throw new IllegalArgumentException("it takes " + inputs + " channels, its input is " + in);
    }
    Value weights = scope.parameter("W", out, inputs / groups, window.height(), window.width());
    Op.Bias bias = layer.hasBias() ? Op.Bias.PRESENT : Op.Bias.ABSENT;
    Op op = new Op.Convolution(window, groups, bias, Op.Addend.ABSENT, Activation.IDENTITY);
    Shape shape = Windows.output(window, in, out);
    Value result =
        layer.hasBias()
            ? scope.apply(op, shape, input, weights, scope.parameter("b", out))
            : scope.apply(op, shape, input, weights);
    return scope.activate(result, Activations.of(layer.getActivationFn()).orElseThrow());
  }
}

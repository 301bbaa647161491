package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.layers.GroupedConvolution;
import java.util.List;

/** Convolutions whose channels are in groups. */
final class GroupedConvolutionTranslator implements Translator<GroupedConvolution> {
  private static final ConvolutionTranslator PLAIN = new ConvolutionTranslator();

  @Override
  public List<String> refusals(GroupedConvolution layer) {
    return PLAIN.refusals(layer);
  }

  @Override
  public Value translate(GroupedConvolution layer, VertexScope scope) {
    return ConvolutionTranslator.convolution(layer, layer.getGroups(), scope);
  }
}

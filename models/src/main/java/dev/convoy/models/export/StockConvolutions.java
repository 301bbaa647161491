package dev.convoy.models.export;

import dev.convoy.models.layers.GroupedConvolution;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;

/** Convolutions in groups as one convolution for each group, of some of the channels. */
final class StockConvolutions {
  private StockConvolutions() {}

  static void write(GroupedConvolution layer, StockScope scope) {
    int groups = layer.getGroups();
    int in = Math.toIntExact(layer.channelsPerGroup());
    String[] results = new String[groups];
    for (int g = 0; g < groups; g++) {
      String channels = scope.name() + ".group" + g + ".channels";
      scope.vertex(channels, new SubsetVertex(g * in, (g + 1) * in - 1), scope.input());
      results[g] = scope.name() + ".group" + g;
      scope.layer(results[g], group(layer), channels, new StockPart(scope.name(), g, groups));
    }
    scope.vertex(scope.name(), new MergeVertex(), results);
  }

  private static ConvolutionLayer group(GroupedConvolution layer) {
    return new ConvolutionLayer.Builder(layer.getKernelSize())
        .stride(layer.getStride())
        .padding(layer.getPadding())
        .dilation(layer.getDilation())
        .convolutionMode(layer.getConvolutionMode())
        .nIn(layer.channelsPerGroup())
        .nOut(layer.getNOut() / layer.getGroups())
        .hasBias(layer.hasBias())
        .activation(layer.getActivationFn())
        .build();
  }
}

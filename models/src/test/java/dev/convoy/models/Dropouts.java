package dev.convoy.models;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Takes the chance out of a training pass. */
public final class Dropouts {
  private Dropouts() {}

  /** Every dropout of the graph lets everything through. */
  public static void switchOff(ComputationGraph graph) {
    for (Layer layer : graph.getLayers()) {
      layer.conf().getLayer().setIDropout(null);
    }
  }
}

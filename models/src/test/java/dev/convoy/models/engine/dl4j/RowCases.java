package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Shape;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Small graphs whose vertices merge, cut and add rows of features instead of images. */
final class RowCases extends CaseBuilder {
  private RowCases(long seed, Shape example, InputType type, IUpdater updater) {
    super(seed, example, type, updater);
  }

  /** One of each, drawn anew for each seed. */
  static Stream<GraphCase> all(long seed) {
    Random random = new Random(seed);
    return Stream.<Function<RowCases, GraphCase>>of(
            RowCases::merged, RowCases::parts, RowCases::added)
        .map(build -> build.apply(drawn(random)));
  }

  private static RowCases drawn(Random random) {
    Shape image = drawnImage(random);
    return new RowCases(random.nextLong(), image, typeOf(image), new Nesterovs(0.01, 0.9));
  }

  private GraphCase merged() {
    String left = dense(channels(), IN);
    String middle = dense(channels(), IN);
    String right = dense(channels(), middle);
    vertex(new MergeVertex(), left, middle, right);
    dense(channels(), last);
    return classifier("merged rows", 4);
  }

  /** Two parts that overlap, and what they are parts of. */
  private GraphCase parts() {
    int features = 20 + random.nextInt(20);
    String all = dense(features, IN);
    String front = vertex(new SubsetVertex(0, 3 + random.nextInt(5)), all);
    String inner = vertex(new SubsetVertex(2, features - 3), all);
    String left = dense(channels(), front);
    String right = dense(channels(), inner);
    vertex(new MergeVertex(), left, right, all);
    return classifier("parts of rows", 5);
  }

  private GraphCase added() {
    int features = channels();
    String left = dense(features, IN);
    String middle = dense(features, IN);
    String right = dense(features, middle);
    String sum = vertex(new ElementWiseVertex(ElementWiseVertex.Op.Add), left, middle, right);
    String next = dense(features, sum);
    vertex(new ElementWiseVertex(ElementWiseVertex.Op.Add), next, sum);
    return classifier("added rows", 3);
  }

  private String dense(int features, String input) {
    return add(new DenseLayer.Builder().nOut(features).activation(Activation.TANH).build(), input);
  }
}

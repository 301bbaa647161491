package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;

/** The preprocessors between images and rows of features: no more than another shape. */
final class Preprocessors {
  private Preprocessors() {}

  static List<String> refusals(InputPreProcessor preprocessor) {
    Class<?> kind = preprocessor.getClass();
    if (kind == FeedForwardToCnnPreProcessor.class) {
      return List.of();
    }
    if (kind == CnnToFeedForwardPreProcessor.class) {
      CNN2DFormat format = ((CnnToFeedForwardPreProcessor) preprocessor).getFormat();
      return format == CNN2DFormat.NCHW
          ? List.of()
          : List.of("its preprocessor expects " + format + "; only NCHW is compiled");
    }
    return List.of("its preprocessor " + kind.getSimpleName() + " is not supported");
  }

  static Value apply(InputPreProcessor preprocessor, Value input, VertexScope scope) {
    if (preprocessor instanceof FeedForwardToCnnPreProcessor image) {
      return image(image, input, scope);
    }
    return features(input, scope);
  }

  private static Value features(Value input, VertexScope scope) {
    Shape shape = input.shape();
    int features = Math.toIntExact(shape.elements() / shape.batch());
    return scope.reshape(input, Shape.of(shape.batch(), features));
  }

  private static Value image(
      FeedForwardToCnnPreProcessor preprocessor, Value input, VertexScope scope) {
    if (input.shape().rank() == 4) {
      return input;
    }
    return scope.reshape(
        input,
        Shape.of(
            input.shape().batch(),
            Math.toIntExact(preprocessor.getNumChannels()),
            Math.toIntExact(preprocessor.getInputHeight()),
            Math.toIntExact(preprocessor.getInputWidth())));
  }
}

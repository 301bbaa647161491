package dev.convoy.trainer.training;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.augment.AugmentationPipeline;
import dev.convoy.data.augment.ImageSize;
import dev.convoy.data.dataset.ImageStatistics;
import dev.convoy.models.InputShape;

/**
 * Whether a dataset's images, with the channels that a network takes, can go through the
 * augmentation and come out in the size that it takes.
 *
 * @param input that the network takes
 * @param images sizes in the dataset, all splits together
 */
record ImageFit(InputShape input, ImageStatistics images) {

  /**
   * Asks each step about the channels, and sends the smallest and the largest size through the
   * chain, upright and lying, with the smallest and the largest that steps draw. Whether a dataset
   * has images of all these sizes is not known: a chain has to be right for any that it may have.
   *
   * @return the pipeline itself
   * @throws InvalidRequestException if one of them does not fit, with the step that is missing
   */
  AugmentationPipeline require(AugmentationPipeline pipeline) {
    pipeline.requireChannels(input.channels());
    require(pipeline, images.minHeight(), images.minWidth());
    require(pipeline, images.maxHeight(), images.maxWidth());
    require(pipeline, images.minHeight(), images.maxWidth());
    require(pipeline, images.maxHeight(), images.minWidth());
    return pipeline;
  }

  private void require(AugmentationPipeline pipeline, int height, int width) {
    ImageSize size = new ImageSize(height, width);
    require(pipeline, size, pipeline.outputSize(size));
    require(pipeline, size, pipeline.largestOutputSize(size));
  }

  private void require(AugmentationPipeline pipeline, ImageSize size, ImageSize produced) {
    if (produced.height() != input.height() || produced.width() != input.width()) {
      throw new InvalidRequestException(
          "an image of %s pixels comes out as %s, but the model takes %d x %d; %s"
              .formatted(
                  size,
                  produced,
                  input.height(),
                  input.width(),
                  pipeline.remedy(produced, input.height(), input.width())));
    }
  }
}

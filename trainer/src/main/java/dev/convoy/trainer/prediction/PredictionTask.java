package dev.convoy.trainer.prediction;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.augment.AugmentationPipeline;
import dev.convoy.data.augment.ImageSize;
import dev.convoy.data.batch.BatchLoader;
import dev.convoy.data.batch.ImageBatch;
import dev.convoy.data.dataset.Example;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.PixelImage;
import dev.convoy.data.image.UnreadableImageException;
import dev.convoy.data.storage.Storage;
import dev.convoy.data.storage.UnreadableFile;
import dev.convoy.models.InputShape;
import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.evaluation.RankedClasses;
import dev.convoy.trainer.executor.ExecutorRun;
import dev.convoy.trainer.executor.ExecutorRuns;
import dev.convoy.trainer.executor.ExecutorSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/** Names the images of one partition of paths, on an executor. */
final class PredictionTask implements FlatMapFunction<Iterator<String>, Prediction> {

  private static final long serialVersionUID = 1L;

  /** Images in one forward pass. */
  private static final int BATCH = 32;

  private final ExecutorSettings settings;
  private final Broadcast<NetworkState> state;
  private final AugmentationPipeline preprocessing;
  private final List<String> classes;
  private final String folder;
  private final int named;

  PredictionTask(
      ExecutorSettings settings,
      Broadcast<NetworkState> state,
      AugmentationPipeline preprocessing,
      List<String> classes,
      String folder,
      int named) {
    this.settings = settings;
    this.state = state;
    this.preprocessing = preprocessing;
    this.classes = classes;
    this.folder = folder;
    this.named = named;
  }

  @Override
  public Iterator<Prediction> call(Iterator<String> paths) throws IOException {
    Storage images = Storage.at(folder, settings.hadoop().toConfiguration());
    InputShape input = settings.model().input();
    List<Prediction> predictions = new ArrayList<>();
    BatchLoader loader =
        new BatchLoader(input.channels(), input.height(), input.width(), preprocessing, 0);
    try (ExecutorRuns.Lease lease = ExecutorRuns.ofThisJvm().lease(settings);
        ExecutorRun.Loan loan = lease.run().borrow()) {
      loan.replica().restore(state.value());
      List<Example> batch = new ArrayList<>();
      while (paths.hasNext()) {
        String path = paths.next();
        try {
          batch.add(readable(images, path));
        } catch (UnreadableImageException | InvalidRequestException e) {
          predictions.add(Prediction.failed(path, e.getMessage()));
        } catch (IOException e) {
          predictions.add(Prediction.failed(path, UnreadableFile.reason(e).orElseThrow(() -> e)));
        }
        if (batch.size() == BATCH || !paths.hasNext()) {
          predictions.addAll(name(loader.load(batch, 0), loan));
          batch.clear();
        }
      }
    }
    return predictions.iterator();
  }

  /** An image that can be decoded, and goes through the preprocessing in the network's size. */
  private Example readable(Storage images, String path)
      throws IOException, UnreadableImageException {
    InputShape input = settings.model().input();
    byte[] bytes = images.read(path);
    PixelImage image = ImageDecoder.decode(bytes, input.channels());
    ImageSize size = preprocessing.outputSize(new ImageSize(image.height(), image.width()));
    if (size.height() != input.height() || size.width() != input.width()) {
      throw new InvalidRequestException(
          "its %d x %d pixels come out of the network's preprocessing as %s, but it takes %d x %d;"
                  .formatted(image.height(), image.width(), size, input.height(), input.width())
              + " resize the images to those of its training");
    }
    return new Example(path, 0, bytes);
  }

  private List<Prediction> name(ImageBatch batch, ExecutorRun.Loan loan) {
    List<Prediction> predictions = new ArrayList<>();
    if (batch.count() == 0) {
      return predictions;
    }
    float[] probabilities = loan.replica().probabilities(batch.features(), batch.count());
    for (int i = 0; i < batch.count(); i++) {
      int offset = i * classes.size();
      RankedClasses ranked = RankedClasses.of(probabilities, offset, classes.size());
      List<String> names = new ArrayList<>();
      List<Double> shares = new ArrayList<>();
      for (int rank = 0; rank < Math.min(named, classes.size()); rank++) {
        names.add(classes.get(ranked.classAt(rank)));
        shares.add((double) probabilities[offset + ranked.classAt(rank)]);
      }
      predictions.add(new Prediction(batch.ids().get(i), names, shares, ""));
    }
    return predictions;
  }
}

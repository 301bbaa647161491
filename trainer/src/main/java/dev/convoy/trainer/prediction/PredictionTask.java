package dev.convoy.trainer.prediction;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.augment.AugmentationPipeline;
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
import java.util.Arrays;
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
    int size = size();
    float[] features = new float[BATCH * size];
    List<String> batch = new ArrayList<>();
    List<Prediction> predictions = new ArrayList<>();
    try (ExecutorRuns.Lease lease = ExecutorRuns.ofThisJvm().lease(settings);
        ExecutorRun.Loan loan = lease.run().borrow()) {
      loan.replica().restore(state.value());
      while (paths.hasNext()) {
        String path = paths.next();
        try {
          preprocessing.write(pixels(images, path), features, batch.size() * size);
          batch.add(path);
        } catch (UnreadableImageException | InvalidRequestException e) {
          predictions.add(Prediction.failed(path, e.getMessage()));
        } catch (IOException e) {
          predictions.add(Prediction.failed(path, UnreadableFile.reason(e).orElseThrow(() -> e)));
        }
        if (batch.size() == BATCH || (!paths.hasNext() && !batch.isEmpty())) {
          predictions.addAll(name(features, batch, loan));
          batch.clear();
        }
      }
    }
    return predictions.iterator();
  }

  /** Numbers in the network's input. */
  private int size() {
    InputShape input = settings.model().input();
    return input.channels() * input.height() * input.width();
  }

  /** An image as it comes out of the preprocessing, in the network's size. */
  private PixelImage pixels(Storage images, String path)
      throws IOException, UnreadableImageException {
    InputShape input = settings.model().input();
    PixelImage image = ImageDecoder.decode(images.read(path), input.channels());
    PixelImage result = preprocessing.pixels(image, 0, 0, path);
    if (result.height() != input.height() || result.width() != input.width()) {
      throw new InvalidRequestException(
          ("its %d x %d pixels come out of the network's preprocessing as %d x %d, but it takes %d x %d;"
                  + " resize the images to those of its training")
              .formatted(
                  image.height(),
                  image.width(),
                  result.height(),
                  result.width(),
                  input.height(),
                  input.width()));
    }
    return result;
  }

  private List<Prediction> name(float[] features, List<String> batch, ExecutorRun.Loan loan) {
    List<Prediction> predictions = new ArrayList<>();
    float[] probabilities =
        loan.replica().probabilities(Arrays.copyOf(features, batch.size() * size()), batch.size());
    for (int i = 0; i < batch.size(); i++) {
      int offset = i * classes.size();
      RankedClasses ranked = RankedClasses.of(probabilities, offset, classes.size());
      List<String> names = new ArrayList<>();
      List<Double> shares = new ArrayList<>();
      for (int rank = 0; rank < Math.min(named, classes.size()); rank++) {
        names.add(classes.get(ranked.classAt(rank)));
        shares.add((double) probabilities[offset + ranked.classAt(rank)]);
      }
      predictions.add(new Prediction(batch.get(i), names, shares, ""));
    }
    return predictions;
  }
}

package dev.convoy.trainer.imports;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.Sha256;
import dev.convoy.data.storage.Storage;
import dev.convoy.data.storage.StoredFile;
import dev.convoy.models.InputShape;
import dev.convoy.models.InvalidModelException;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.weights.ImportedNetwork;
import dev.convoy.models.weights.WeightFile;
import dev.convoy.models.weights.WeightImport;
import dev.convoy.models.weights.WeightRequest;
import dev.convoy.trainer.Position;
import dev.convoy.trainer.averaging.OuterState;
import dev.convoy.trainer.averaging.TrainingState;
import dev.convoy.trainer.checkpoint.CheckpointRecord;
import dev.convoy.trainer.checkpoint.CheckpointStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;

/** Makes a checkpoint of a weight file: {@code convoy import}. */
public final class WeightImportJob {

  /** From this size on a network's images are scaled and cropped as ImageNet's are. */
  private static final int LARGE_SIDE = 128;

  /** What an array can hold. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - 8;

  private final Configuration hadoop;

  /**
   * An importer.
   *
   * @param hadoop how to reach file systems
   */
  public WeightImportJob(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * Reads, checks and commits.
   *
   * @throws InvalidModelException if there is no such network
   * @throws InvalidRequestException if something asked for is not there, or the output is in use
   * @throws BadDataException if the weight file is damaged or not one of that network, with
   *     everything that does not fit
   */
  public ImportResult run(ImportRequest request) throws IOException {
    Storage output = Storage.at(request.output(), hadoop);
    if (!output.listing("").isEmpty()) {
      throw new InvalidRequestException(
          "--output %s is not empty; name a new folder for the checkpoint"
              .formatted(request.output()));
    }
    Optional<List<String>> names = Optional.empty();
    if (request.classNames().isPresent()) {
      Place place = place(request.classNames().get(), "--class-names");
      names = Optional.of(ClassNames.read(place.folder(), place.name()));
    }
    WeightImport network = new WeightImport(withClasses(request.network(), names));
    Place place = place(request.weights(), "--weights");
    byte[] content = place.folder().read(place.name());
    ImportedNetwork imported = imported(network, place, content, request.weights());
    List<String> classes =
        names
            .or(() -> imported.classes().filter(own -> own.size() == imported.model().classes()))
            .orElseGet(() -> ClassNames.numbers(imported.model().classes()));
    String checkpoint =
        new CheckpointStore(output, 1)
            .commit(
                imported.layout(),
                new TrainingState(imported.state(), OuterState.NONE),
                new CheckpointRecord.Trained(
                    imported.model(),
                    classes,
                    preprocessing(imported, request.shorter()),
                    "float32",
                    CheckpointRecord.Origin.imported(
                        place.name(), imported.format().title(), Sha256.hex(Sha256.of(content)))),
                Position.START,
                Optional.empty());
    return new ImportResult(
        checkpoint,
        imported.model(),
        imported.format().title(),
        imported.preprocessing(),
        imported.layout().trainable(),
        imported.layout().sha256(imported.state()));
  }

  private static ImportedNetwork imported(
      WeightImport network, Place place, byte[] content, String location) throws IOException {
    WeightFile file;
    try {
      file = WeightFile.read(place.name(), content, StoreWeightFolder.at(place.folder()));
    } catch (InvalidModelException e) {
      throw bad(location, e);
    }
    network.requirePreprocessing(file);
    try {
      return network.take(file);
    } catch (InvalidModelException e) {
      throw bad(location, e);
    }
  }

  private static BadDataException bad(String location, InvalidModelException e) {
    return new BadDataException(location + ": " + e.getMessage(), e);
  }

  private static WeightRequest withClasses(WeightRequest network, Optional<List<String>> names) {
    return names.isEmpty()
        ? network
        : new WeightRequest(
            network.model(),
            network.arguments(),
            network.side(),
            OptionalInt.of(names.get().size()),
            network.scaling());
  }

  /** Resize of the shorter side, then the middle. */
  private static CheckpointRecord.Preprocessing preprocessing(
      ImportedNetwork imported, OptionalInt given) {
    InputShape input = imported.model().input();
    InputShape published = ModelRegistry.standard().get(imported.model().name()).defaultInput();
    int longer = Math.max(input.height(), input.width());
    int usual = published.height() < LARGE_SIDE ? longer : longer * 8 / 7;
    int shorter = given.orElse(usual);
    if (shorter < longer) {
      throw new InvalidRequestException(
          "--resize is %d, less than the network's input of %d".formatted(shorter, longer));
    }
    return new CheckpointRecord.Preprocessing(
        List.of(
            Map.of("resize", Map.of("shorter", shorter)),
            Map.of("center_crop", Map.of("height", input.height(), "width", input.width()))),
        imported.mean(),
        imported.std());
  }

  /** A file in its folder. */
  private record Place(Storage folder, String name) {}

  private Place place(String location, String option) throws IOException {
    int slash = location.lastIndexOf('/');
    String name = location.substring(slash + 1);
    Storage folder =
        Storage.at(slash < 0 ? "." : location.substring(0, Math.max(slash, 1)), hadoop);
    if (name.isEmpty() || name.equals(".") || name.equals("..") || !folder.isFile(name)) {
      throw new InvalidRequestException(
          "%s %s is not a file; give its path or URI".formatted(option, location));
    }
    long bytes =
        folder.list("").stream()
            .filter(file -> file.name().equals(name))
            .mapToLong(StoredFile::length)
            .sum();
    if (bytes > MOST_BYTES) {
      throw new BadDataException(
          "%s has %,d bytes; files of up to 2 GiB are read".formatted(location, bytes));
    }
    return new Place(folder, name);
  }
}

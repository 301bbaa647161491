package dev.convoy.trainer.cli;

import dev.convoy.models.weights.InputScaling;
import dev.convoy.models.weights.WeightRequest;
import dev.convoy.trainer.imports.ImportRequest;
import dev.convoy.trainer.imports.ImportResult;
import dev.convoy.trainer.imports.WeightImportJob;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code convoy import}. */
@Command(
    name = "import",
    description = {
      "Make a checkpoint of a weight file: safetensors with torchvision's names, or Keras' as HDF5 or"
          + " as TensorFlow.js' model.json with its shards."
    })
final class ImportCommand implements Callable<Integer> {

  @ParentCommand private Convoy convoy;
  @Mixin private StoreOptions store;
  @Mixin private OutputOptions output;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      required = true,
      description = "The weight file; of TensorFlow.js the model.json.")
  private String weights;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      required = true,
      description = "The network that they are of; convoy models lists them.")
  private String model;

  @Option(
      names = "--argument",
      paramLabel = "NAME=VALUE",
      description =
          "An argument of the network; what a Keras file says need not be given. Repeatable.")
  private Map<String, String> arguments = new LinkedHashMap<>();

  @Option(
      names = "--class-names",
      paramLabel = "FILE",
      description = "A text file with the name of a class in each line; default: their numbers.")
  private String classNames;

  @Option(
      names = "--preprocessing",
      paramLabel = "NAME",
      description = {
        "What pixels v of 0 to 255 were brought to in training. torch: v / 255, ImageNet's mean and"
            + " standard deviation; caffe: BGR, v minus ImageNet's mean; tf: v / 127.5 - 1; unit: v /"
            + " 255. Default: what the file says, torch for three channels (others: unit; of a GoogLeNet it"
            + " has to be said), or what Keras' own network uses."
      })
  private InputScaling preprocessing;

  @Option(
      names = "--size",
      paramLabel = "N",
      description = "Height and width of the input in pixels; default: the network's own.")
  private Integer size;

  @Option(
      names = "--resize",
      paramLabel = "N",
      description = {
        "What an image's shorter side is scaled to before the middle is cut out; default: 8/7 of the"
            + " input's longer side (256 for 224), or that side itself of networks for small images."
      })
  private Integer resize;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "A new folder for the checkpoint; evaluate and predict take it.")
  private String target;

  @Override
  public Integer call() throws Exception {
    ImportResult result =
        new WeightImportJob(store.hadoop())
            .run(
                new ImportRequest(
                    weights,
                    new WeightRequest(
                        model,
                        ArgumentValues.of(arguments),
                        optional(size),
                        OptionalInt.empty(),
                        Optional.ofNullable(preprocessing)),
                    Optional.ofNullable(classNames),
                    optional(resize),
                    target));
    output.say(
        convoy.console(),
        result,
        "%s %s, %,d parameters, from %s with %s preprocessing%ncheckpoint: %s"
            .formatted(
                result.model().name(),
                result.model().arguments(),
                result.parameters(),
                result.format(),
                result.scaling(),
                result.checkpoint()));
    return 0;
  }

  private static OptionalInt optional(Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }
}

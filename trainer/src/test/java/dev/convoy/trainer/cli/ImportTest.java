package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.models.safetensors.SafetensorsFile;
import dev.convoy.models.state.NamedTensor;
import dev.convoy.trainer.TinyImages;
import dev.convoy.trainer.training.SlowFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A trained network's weights, taken out and imported again, are that network. */
final class ImportTest {

  private static final String CONFIG =
      """
      dataset: %s
      run: %s
      epochs: 1
      precision: float32
      workers: 1
      batch: 10
      sync: {steps: 3}
      model: {name: lenet}
      optimizer: {learning_rate: 0.02}
      evaluation: {every_epochs: 0}
      """;

  @TempDir private static Path shared;
  private static Path dataset;
  private static Path run;
  private static Path weights;
  private static Path names;
  private static String digest;

  @TempDir private Path folder;

  @BeforeAll
  static void trainOnce() throws IOException {
    Path images = TinyImages.write(shared.resolve("images"), 12, "dark", "grey", "light");
    dataset = shared.resolve("dataset");
    Outcome.onSpark("ingest", "--input", images.toString(), "--output", dataset.toString()).done();
    run = shared.resolve("run");
    Path config = Files.writeString(shared.resolve("run.yaml"), CONFIG.formatted(dataset, run));
    digest =
        Outcome.onSpark("train", "--config", config.toString(), "--json")
            .done()
            .json()
            .path("parameters_sha256")
            .asText();
    weights = shared.resolve("lenet.safetensors");
    try (Stream<Path> found = Files.walk(run)) {
      Path model =
          found.filter(file -> file.endsWith("model.safetensors")).findFirst().orElseThrow();
      Files.copy(model, weights);
    }
    names = Files.write(shared.resolve("names.txt"), List.of("dark", "grey", "light"));
  }

  @Test
  void importedIsWhatWasTrained() throws IOException {
    JsonNode imported = imports(weights, "--json").done().json();
    assertThat(imported.path("parameters_sha256").asText()).isEqualTo(digest);
    Path checkpoint = Path.of(imported.path("checkpoint").asText().substring("file:".length()));
    assertThat(checkpoint.resolve("momentum.safetensors")).doesNotExist();
    assertThat(Files.readString(checkpoint.resolve("checkpoint.json")))
        .contains("lenet.safetensors", "\"format\" : \"safetensors\"");
    JsonNode before = evaluate(run, dataset);
    JsonNode after = evaluate(folder.resolve("imported"), dataset);
    assertThat(after).isEqualTo(before);
    assertThat(before.path("examples").asInt()).isEqualTo(36);
  }

  @Test
  void datasetMayHaveSomeOfTheClasses() throws IOException {
    imports(weights).done();
    Path some = TinyImages.write(folder.resolve("images"), 12, "dark", "grey", "light");
    try (Stream<Path> dark = Files.list(some.resolve("dark"))) {
      for (Path image : dark.toList()) {
        Files.delete(image);
      }
    }
    Files.delete(some.resolve("dark"));
    Path two = folder.resolve("dataset");
    Outcome.onSpark("ingest", "--input", some.toString(), "--output", two.toString()).done();
    JsonNode all = evaluate(folder.resolve("imported"), dataset).path("confusion");
    JsonNode part = evaluate(folder.resolve("imported"), two).path("confusion");
    assertThat(part)
        .isNotEmpty()
        .containsExactlyElementsOf(
            StreamSupport.stream(all.spliterator(), false)
                .filter(entry -> entry.path(0).asInt() > 0) // dark is label 0
                .toList());
    assertThat(all).hasSizeGreaterThan(part.size());
  }

  @Test
  void datasetWithAnotherClassIsRefused() throws IOException {
    imports(weights).done();
    Path images = TinyImages.write(folder.resolve("images"), 2, "dark", "purple");
    Path other = folder.resolve("dataset");
    Outcome.onSpark("ingest", "--input", images.toString(), "--output", other.toString()).done();
    Outcome.onSpark(
            "evaluate",
            "--checkpoint",
            folder.resolve("imported").toString(),
            "--dataset",
            other.toString(),
            "--split",
            "train")
        .refused(2, "the checkpoint knows the classes [dark, grey, light]", "also has [purple]");
  }

  /** A model that h5py wrote, made by {@code src/test/resources/keras/make_golden.py}. */
  @Test
  void kerasHdf5BecomesTheNetworkThatItSaysItIs() throws IOException {
    Path model = folder.resolve("resnet50.h5");
    try (InputStream packed = ImportTest.class.getResourceAsStream("/keras/resnet50.h5.gz");
        InputStream whole = new GZIPInputStream(packed)) {
      Files.copy(whole, model);
    }
    String digestByPython;
    try (InputStream golden = ImportTest.class.getResourceAsStream("/keras/resnet50.sha256")) {
      digestByPython = new String(golden.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
    Path checkpoint = folder.resolve("imported");
    JsonNode imported =
        Outcome.of(
                "import",
                "--weights",
                model.toString(),
                "--model",
                "resnet50",
                "--argument",
                "width=2",
                "--class-names",
                names.toString(),
                "--output",
                checkpoint.toString(),
                "--json")
            .done()
            .json();
    assertThat(imported.path("parameters_sha256").asText()).isEqualTo(digestByPython);
    Path written = Path.of(imported.path("checkpoint").asText().substring("file:".length()));
    assertThat(Files.readString(written.resolve("checkpoint.json")))
        .contains("\"format\" : \"Keras, HDF5\"", "\"norm_epsilon\" : 1.001E-5");
    // It names images, too.
    Outcome.onSpark(
            "evaluate",
            "--checkpoint",
            checkpoint.toString(),
            "--dataset",
            dataset.toString(),
            "--split",
            "train")
        .done();
  }

  /** The files of a checkpoint by themselves. */
  @Test
  void modelOfACheckpointSaysWhatItIsAndMomentumThatItIsNone() throws IOException {
    Path checkpoint = TinyRun.newestCheckpoint(run);
    imports(checkpoint.resolve("momentum.safetensors"))
        .refused(3, "holds a checkpoint's momentum; its network is in model.safetensors");
    JsonNode imported =
        Outcome.of(
                "import",
                "--weights",
                checkpoint.resolve("model.safetensors").toString(),
                "--model",
                "lenet",
                "--output",
                folder.resolve("imported").toString(),
                "--json")
            .done()
            .json();
    assertThat(imported.path("scaling").asText()).isEqualTo("the file's own");
    assertThat(imported.path("parameters_sha256").asText()).isEqualTo(digest);
    assertThat(
            Files.readString(
                TinyRun.newestCheckpoint(folder.resolve("imported")).resolve("checkpoint.json")))
        .contains("\"dark\"");
  }

  @Test
  void weightsMayLieInAnyFileSystem() throws IOException {
    JsonNode imported =
        Outcome.of(
                "import",
                "--weights",
                "slow:" + weights,
                "--model",
                "lenet",
                "--class-names",
                "slow:" + names,
                "--preprocessing",
                "unit",
                "--output",
                folder.resolve("imported").toString(),
                "--conf",
                "spark.hadoop.fs.slow.impl=" + SlowFileSystem.class.getName(),
                "--json")
            .done()
            .json();
    assertThat(imported.path("parameters_sha256").asText()).isEqualTo(digest);
  }

  @Test
  void everyMismatchIsSaidAtOnceAndNothingWritten() throws IOException {
    SortedMap<String, NamedTensor> tensors =
        new TreeMap<>(SafetensorsFile.read(Files.readAllBytes(weights)).tensors());
    String first = tensors.firstKey();
    String last = tensors.lastKey();
    tensors.put(last, new NamedTensor(new int[] {1}, new float[1]));
    tensors.put("other.weight", tensors.remove(first));
    Path other =
        Files.write(folder.resolve("a.safetensors"), SafetensorsFile.write(tensors, Map.of()));
    imports(other)
        .refused(
            3,
            "a.safetensors: The tensors do not fit the network",
            "missing " + first,
            last + " has shape [1] instead of",
            "other.weight is not a tensor of this network");
    assertThat(folder.resolve("imported")).doesNotExist();
  }

  @Test
  void damagedWeightsAreRefused() throws IOException {
    byte[] whole = Files.readAllBytes(weights);
    Path cut = folder.resolve("cut.safetensors");
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    imports(cut).refused(3, "cut.safetensors: not a sound safetensors file");
    Path pickle = Files.write(folder.resolve("lenet.pth"), new byte[] {(byte) 0x80, 2});
    imports(pickle).refused(3, "lenet.pth is a pickle", "weights_only=True");
    Path json =
        Files.writeString(
            folder.resolve("model.json"),
            "{\"weightsManifest\":[{\"paths\":[\"../lenet.pth\"],\"weights\":[]}]}");
    imports(json).refused(3, "\"../lenet.pth\"; only files in its own folder are read");
  }

  @Test
  void namesOfClassesAreChecked() throws IOException {
    Files.write(folder.resolve("twice.txt"), List.of("dark", "grey", "dark"));
    named("twice.txt").refused(2, "lines 1 and 3 of", "are both 'dark'");
    Files.write(folder.resolve("empty.txt"), List.of("dark", " ", "grey"));
    named("empty.txt").refused(2, "line 2 of", "is empty");
    Files.write(folder.resolve("four.txt"), List.of("a", "b", "c", "d"));
    named("four.txt").refused(3, "instead of [4");
    Files.write(folder.resolve("bytes.txt"), new byte[] {(byte) 0xff, 10});
    named("bytes.txt").refused(2, "not a text file in UTF-8");
  }

  @Test
  void preprocessingThatDoesNotFitIsNoFaultOfTheFile() throws IOException {
    Outcome.of(
            "import",
            "--weights",
            weights.toString(),
            "--model",
            "lenet",
            "--preprocessing",
            "torch",
            "--output",
            folder.resolve("imported").toString())
        .refused(2, "the preprocessing torch is for 3 channels, the network takes 1");
  }

  @Test
  void outputInUseIsRefused() throws IOException {
    Files.createDirectories(folder.resolve("imported/x"));
    imports(weights).refused(2, "is not empty; name a new folder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--weights none --model lenet --output o|--weights none is not a file",
        "--weights . --model lenet --output o|--weights . is not a file",
        "--weights none --model lenett --output o|there is no model named lenett. Did you mean lenet",
        "--weights none --model resnet50 --argument norm_epsilon=2 --output o|norm_epsilon is 2",
        "--weights none --model resnet50 --argument stride=1 --output o|has no argument stride",
        "--weights nosuch://b/c --model lenet --output o|No file system is known for nosuch://b"
      })
  void wrongRequestIsRefused(String line, String said) {
    Outcome.of(("import " + line.replace("--output o", "--output " + folder + "/o")).split(" "))
        .refused(2, said);
  }

  private Outcome named(String file) {
    return Outcome.of(
        "import",
        "--weights",
        weights.toString(),
        "--model",
        "lenet",
        "--class-names",
        folder.resolve(file).toString(),
        "--output",
        folder.resolve("imported").toString());
  }

  private Outcome imports(Path file, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "import",
                "--weights",
                file.toString(),
                "--model",
                "lenet",
                "--class-names",
                names.toString(),
                "--preprocessing",
                "unit",
                "--output",
                folder.resolve("imported").toString()));
    arguments.addAll(List.of(more));
    return Outcome.of(arguments.toArray(String[]::new));
  }

  private static JsonNode evaluate(Path checkpoint, Path dataset) throws IOException {
    return Outcome.onSpark(
            "evaluate",
            "--checkpoint",
            checkpoint.toString(),
            "--dataset",
            dataset.toString(),
            "--split",
            "train",
            "--json")
        .done()
        .json();
  }
}

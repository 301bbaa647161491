package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.dataset.Split;
import dev.convoy.data.ingest.Ingest;
import dev.convoy.data.ingest.IngestOptions;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.trainer.TinyImages;
import dev.convoy.trainer.checkpoint.Checkpoints;
import dev.convoy.trainer.config.Configurations;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.config.InputConfig;
import dev.convoy.trainer.config.ScheduleConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The papers' recipes in {@code deploy/recipes}: each file is a configuration that fits the
 * registry, and trains at toy size, its schedule, augmentations and features as they are.
 */
class RecipesTest {

  private static final Path RECIPES = Path.of("..", "deploy", "recipes");
  private static final Configuration HADOOP = new Configuration(false);

  /** Those that also train in every build; the larger ones take longer. */
  private static final List<String> SMALL = List.of("lenet-mnist", "resnet20-cifar10");

  private static final List<String> ALL =
      List.of(
          "alexnet-imagenet",
          "alexnet-paper-imagenet",
          "densenet-40-12-cifar10",
          "densenet121-imagenet",
          "googlenet-imagenet",
          "lenet-mnist",
          "nin-cifar10",
          "resnet20-cifar10",
          "resnet50-imagenet",
          "resnext29-cifar10",
          "resnext50-imagenet",
          "vgg16-imagenet");

  /** What makes a network small without making it another one. */
  private static final Map<String, String> NARROW =
      Map.of("alexnet", "{hidden: 32}", "vgg16", "{width: 8, hidden: 32}");

  private static final int TOY_EPOCHS = 2;
  private static final int TOY_SIDE = 72;

  @TempDir static Path folder;

  @BeforeAll
  static void ingest() throws IOException {
    try (SparkSession session = SmallRun.session(2)) {
      for (String kind : List.of("mnist", "cifar10", "imagenet")) {
        Path images = folder.resolve(kind + "-images");
        TinyImages.write(images, 16, side(kind), "dark", "light", "white");
        new Ingest()
            .run(session, IngestOptions.of(images.toString(), dataset(kind)).withShares(0.1, 0.1));
      }
    }
  }

  private static int side(String kind) {
    return kind.equals("mnist") ? 28 : kind.equals("cifar10") ? 32 : 80;
  }

  private static String dataset(String kind) {
    return folder.resolve(kind).toString();
  }

  private static String kind(String recipe) {
    return recipe.substring(recipe.lastIndexOf('-') + 1);
  }

  static List<String> all() {
    return ALL;
  }

  static List<String> small() {
    return SMALL;
  }

  static List<String> large() {
    return ALL.stream().filter(recipe -> !SMALL.contains(recipe)).toList();
  }

  private static String text(String recipe) throws IOException {
    return Files.readString(RECIPES.resolve(recipe + ".yaml"));
  }

  @Test
  void everyFileIsARecipeOfTheList() throws IOException {
    try (Stream<Path> files = Files.list(RECIPES)) {
      assertThat(files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()))
          .containsExactlyInAnyOrderElementsOf(
              ALL.stream().map(recipe -> recipe + ".yaml").toList());
    }
    assertThat(ALL).containsAll(SMALL);
  }

  /** At its own size, with the published number of classes. */
  @ParameterizedTest
  @MethodSource("all")
  void fitsTheRegistryAsItIs(String recipe) throws IOException {
    ConvoyConfig config = Configurations.load(text(recipe));
    var architecture = ModelRegistry.standard().get(config.model().name());
    InputShape own = architecture.defaultInput();
    InputConfig input = config.model().input().orElse(own.channels(), own.height(), own.width());
    ModelRegistry.standard()
        .validate(
            new ModelSpec(
                config.model().name(),
                config.model().arguments(),
                new InputShape(input.channels(), input.height(), input.width()),
                architecture.defaultClasses()));
    assertThat(config.run()).isEqualTo("runs/" + recipe);
    assertThat(config.dataset()).isEqualTo("datasets/" + kind(recipe));
    // What it says of the papers stands beside the numbers.
    assertThat(text(recipe)).contains("As there:").contains("Not as there:");
    ConvoyConfig here =
        Configurations.load(
            text(recipe), List.of("dataset='%s'".formatted(dataset(kind(recipe))), "workers=1"));
    TrainingSetup setup = TrainingSetups.of(here, HADOOP);
    assertThat(setup.schedule().explanation()).isNotBlank();
  }

  @ParameterizedTest
  @MethodSource("small")
  void trainsAtToySize(String recipe) throws Exception {
    trains(recipe);
  }

  @ParameterizedTest
  @MethodSource("large")
  @Tag("full")
  void trainsAtToySizeToo(String recipe) throws Exception {
    trains(recipe);
  }

  private static void trains(String recipe) throws Exception {
    ConvoyConfig config = toy(recipe);
    try (SparkSession session = SmallRun.session(2)) {
      RunResult result = SmallRun.job(session).train(config);
      TrainingSetup setup = TrainingSetups.of(config, HADOOP);
      assertThat(result.epochs()).isEqualTo(TOY_EPOCHS);
      assertThat(result.examples()).isEqualTo(TOY_EPOCHS * setup.manifest().examples(Split.TRAIN));
      assertThat(result.top1()).isPresent();
      assertThat(result.emaParametersSha256().isPresent()).isEqualTo(setup.ema().isPresent());
      assertThat(Checkpoints.find(result.checkpoint(), HADOOP).trainingState().isFinite()).isTrue();
    }
  }

  /** Fewer and smaller images, two epochs with the schedule's steps at the same shares of them. */
  private static ConvoyConfig toy(String recipe) throws IOException {
    ConvoyConfig whole = Configurations.load(text(recipe));
    List<String> overrides =
        new ArrayList<>(
            List.of(
                "dataset='%s'".formatted(dataset(kind(recipe))),
                "run='%s'".formatted(folder.resolve("run-" + recipe)),
                "epochs=" + TOY_EPOCHS,
                "workers=" + Math.min(2, whole.workers()),
                "batch=4"));
    double scale = TOY_EPOCHS / (double) whole.epochs();
    if (whole.schedule() instanceof ScheduleConfig.MultiStep steps) {
      overrides.add(
          "schedule.milestones="
              + steps.milestones().stream().map(milestone -> milestone * scale).toList());
    } else if (whole.schedule() instanceof ScheduleConfig.Step steps) {
      overrides.add("schedule.every_epochs=" + steps.everyEpochs() * scale);
    }
    if (kind(recipe).equals("imagenet")) {
      overrides.add(
          "model.input={channels: 3, height: %d, width: %d}".formatted(TOY_SIDE, TOY_SIDE));
      overrides.addAll(smaller("augment.train", whole.augment().train()));
      overrides.addAll(smaller("augment.evaluate", whole.augment().evaluate()));
    }
    if (NARROW.containsKey(whole.model().name())) {
      overrides.add("model.arguments=" + NARROW.get(whole.model().name()));
    }
    return Configurations.load(text(recipe), overrides);
  }

  /** The steps' sizes at the scale of the toy's images. */
  private static List<String> smaller(String key, List<Map<String, Object>> steps) {
    List<String> overrides = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      for (Map.Entry<String, Object> step : steps.get(i).entrySet()) {
        Map<?, ?> settings = (Map<?, ?>) step.getValue();
        for (String side : List.of("height", "width", "shorter")) {
          if (settings.get(side) instanceof Number length) {
            // The network's input gets the toy's side, the image around it four pixels more.
            int toy = length.intValue() == 256 ? TOY_SIDE + 4 : TOY_SIDE;
            overrides.add("%s.%d.%s.%s=%d".formatted(key, i, step.getKey(), side, toy));
          }
        }
      }
    }
    return overrides;
  }
}

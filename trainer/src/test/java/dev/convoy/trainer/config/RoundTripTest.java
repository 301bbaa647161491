package dev.convoy.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.training.DeviceChoice;
import dev.convoy.models.training.PrecisionChoice;
import dev.convoy.trainer.averaging.WeightEma;
import dev.convoy.trainer.averaging.WireFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What is written as YAML is read back as the same configuration. */
final class RoundTripTest {

  @Property(tries = 300)
  void effectiveConfigurationsAreReadBack(
      @ForAll("texts") String dataset,
      @ForAll long seed,
      @ForAll @IntRange(min = 1) int workers,
      @ForAll("arguments") Map<String, Object> arguments,
      @ForAll("rates") double rate,
      @ForAll Set<DecayExemption> withoutDecay,
      @ForAll("strategies") SyncConfig sync,
      @ForAll DivergencePolicy onDivergence,
      @ForAll("schedules") ScheduleConfig schedule,
      @ForAll("clippings") ClippingConfig clipping,
      @ForAll("classWeights") ClassWeightsConfig classWeights,
      @ForAll("averages") EmaConfig ema,
      @ForAll Recalibration recalibration,
      @ForAll("augmentations") List<Map<String, Object>> augmentations,
      @ForAll EvaluationSplit split,
      @ForAll DeviceChoice device,
      @ForAll @IntRange(min = 1) int cache) {
    ConvoyConfig config =
        new ConvoyConfig(
            dataset,
            "v" + dataset,
            "/run" + dataset,
            seed,
            100,
            workers,
            32,
            4,
            2,
            PrecisionChoice.FLOAT32,
            device,
            sync,
            onDivergence,
            new ModelConfig(dataset, arguments, new InputConfig(1, 28, 0)),
            new OptimizerConfig(
                rate, 0.5, 1 / rate, withoutDecay, clipping, new LinearScalingConfig(7)),
            schedule,
            new LossConfig(0.1, classWeights),
            ema,
            new BatchNormConfig(recalibration),
            new AugmentConfig(
                augmentations, List.of(), new NormalizeConfig(List.of(-rate), List.of(rate))),
            new ShuffleConfig(ShuffleKind.WINDOW, workers),
            new CheckpointConfig(workers, 2),
            new EvaluationConfig(0, split, 1),
            new MemoryConfig(new ByteSize(cache), new ByteSize(cache - 1), Math.min(rate, 1e6)),
            true);
    ConvoyConfig read = Configurations.load(config.toYaml());
    assertThat(read).isEqualTo(config);
    assertThat(read.toYaml()).isEqualTo(config.toYaml());
    assertThat(read.experimentDigest()).isEqualTo(config.experimentDigest());
    assertThat(config.experimentDifferences(read)).isEmpty();
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.strings().ofMinLength(1).ofMaxLength(20),
            Arbitraries.strings()
                .withChars("aeE01.-+:_ #,[]{}&*!|>'\"%@`?~/")
                .ofMinLength(1)
                .ofMaxLength(8),
            Arbitraries.of(
                "null",
                "yes",
                "1e-4",
                "0x1F",
                "a: b",
                "- a",
                "a #b",
                "\u00e9t\u00e9",
                "\ud83d\ude80",
                "\u2028",
                "\ufeff",
                "s3a://bucket/a b",
                "file:///C:/x",
                "=",
                "<<"))
        .filter(text -> !text.isBlank());
  }

  @Provide
  Arbitrary<Double> rates() {
    return bits().map(Math::abs).filter(value -> value > 1e-300 && value < 1e300);
  }

  /** Every finite double, those with short decimals and those without. */
  private static Arbitrary<Double> bits() {
    return Arbitraries.oneOf(
            Arbitraries.longs().map(Double::longBitsToDouble),
            Arbitraries.of(0.1, 1e-4, 1e21, 1e7, 123456789.0, Double.MIN_VALUE))
        .filter(Double::isFinite);
  }

  @Provide
  Arbitrary<SyncConfig> strategies() {
    Arbitrary<WireFormat> wires = Arbitraries.of(WireFormat.class);
    Arbitrary<Integer> steps = Arbitraries.integers().greaterOrEqual(1);
    Arbitrary<Double> shares = Arbitraries.doubles().between(0, true, 1, false);
    return Arbitraries.oneOf(
        Combinators.combine(steps, wires).as(SyncConfig.Average::new),
        Combinators.combine(steps, shares, rates(), wires).as(SyncConfig.Slowmo::new),
        Combinators.combine(steps, Arbitraries.integers().between(1, 99), wires)
            .as(SyncConfig.PostLocal::new));
  }

  @Provide
  Arbitrary<ClippingConfig> clippings() {
    return Arbitraries.oneOf(
        Arbitraries.just(new ClippingConfig.None()),
        rates().map(ClippingConfig.Norm::new),
        rates().map(ClippingConfig.Value::new));
  }

  @Provide
  Arbitrary<ClassWeightsConfig> classWeights() {
    return Arbitraries.oneOf(
        Arbitraries.just(new ClassWeightsConfig.Equal()),
        Arbitraries.just(new ClassWeightsConfig.Balanced()),
        rates().list().ofMaxSize(3).map(ClassWeightsConfig.InOrder::new),
        Arbitraries.maps(texts(), rates().map(rate -> (Object) rate))
            .ofMaxSize(3)
            .map(ClassWeightsConfig.ByName::new));
  }

  @Provide
  Arbitrary<EmaConfig> averages() {
    return Combinators.combine(
            Arbitraries.doubles().between(0, true, 1, false),
            Arbitraries.of(WeightEma.Warmup.class))
        .as(EmaConfig::new);
  }

  @Provide
  Arbitrary<ScheduleConfig> schedules() {
    Arbitrary<Double> positive = Arbitraries.doubles().between(0.001, 1).ofScale(3);
    return Arbitraries.oneOf(
        positive.map(ScheduleConfig.Constant::new),
        positive.map(value -> new ScheduleConfig.Step(1, value, value)),
        positive.map(value -> new ScheduleConfig.MultiStep(0, List.of(value, 50.0), 1)),
        positive.map(value -> new ScheduleConfig.Polynomial(value, value, 0)),
        positive.map(value -> new ScheduleConfig.Cosine(value, 0)));
  }

  @Provide
  Arbitrary<Map<String, Object>> arguments() {
    return Arbitraries.maps(texts().filter(text -> text.length() < 100), values(2)).ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<Map<String, Object>>> augmentations() {
    Arbitrary<Map<String, Object>> one =
        Combinators.combine(texts(), arguments())
            .as(
                (name, arguments) -> {
                  Map<String, Object> map = new LinkedHashMap<>();
                  map.put(name, arguments);
                  return map;
                });
    return one.list().ofMaxSize(3);
  }

  private Arbitrary<Object> values(int depth) {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            texts().map(value -> value),
            Arbitraries.integers().map(value -> value),
            Arbitraries.longs().map(value -> value),
            bits().map(value -> value),
            Arbitraries.of(true, false).map(value -> value));
    if (depth == 0) {
      return leaf;
    }
    return Arbitraries.oneOf(
        leaf,
        values(depth - 1).list().ofMaxSize(3).map(ArrayList::new),
        Arbitraries.maps(texts(), values(depth - 1)).ofMaxSize(3).map(LinkedHashMap::new));
  }
}

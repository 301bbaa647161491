package dev.convoy.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExperimentIdentityTest {
  private final ConvoyConfig base = ConfigurationsTest.load("");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dataset=/elsewhere",
        "run=/other",
        "checkpoint.every_rounds=5",
        "checkpoint.keep=1",
        "evaluation.every_epochs=0",
        "evaluation.split=train",
        "evaluation.batch=7",
        "memory.shard_cache=1GiB",
        "memory.prefetch=0B",
        "memory.idle_minutes=0.5",
        "threads=1",
        "optimizer.learning_rate=1e-1",
        "optimizer.weight_decay=0.0"
      })
  void operationAndSpellingLeaveTheExperimentAlone(String override) {
    ConvoyConfig other = ConfigurationsTest.load("", override);
    assertThat(other.experimentDigest()).isEqualTo(base.experimentDigest());
    assertThat(base.experimentDifferences(other)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "epochs=91; epochs: was 90, now 91",
        "dataset_version=v2; dataset_version: was newest, now v2",
        "seed=2; seed: was 1, now 2",
        "precision=float32; precision: was auto, now float32",
        "device=gpu; device: was auto, now gpu",
        "sync.steps=1; sync.steps: was 10, now 1",
        "sync.wire=bf16; sync.wire: was float32, now bf16",
        "on_divergence=skip; on_divergence: was stop, now skip",
        "model.arguments={dropout: 0.5}; model.arguments: was {}, now {dropout: 0.5}",
        "micro_batches=4; micro_batches: was 1, now 4",
        "ema.decay=0.999; ema.decay: was 0.0, now 0.999",
        "ema.warmup=ramp; ema.warmup: was none, now ramp",
        "batch_norm.recalibration=train; batch_norm.recalibration: was none, now train",
        "loss.class_weights.kind=balanced; loss.class_weights.kind: was equal, now balanced",
        "optimizer.without_decay=[bias]; optimizer.without_decay: was [], now [bias]",
        "augment.train.0.flip.probability=0.5; augment.train: was [],"
            + " now [{flip: {probability: 0.5}}]",
        "allow_mixed_profiles=true; allow_mixed_profiles: was false, now true"
      })
  void aChangeOfTheExperimentIsNamed(String override, String line) {
    ConvoyConfig other = ConfigurationsTest.load("", override);
    assertThat(other.experimentDigest()).isNotEqualTo(base.experimentDigest());
    assertThat(base.experimentDifferences(other)).containsExactly(line);
  }

  @Test
  void aChangedKindNamesTheKeysThatComeAndGo() {
    ConvoyConfig step = ConfigurationsTest.load("schedule: {kind: step, every_epochs: 30}");
    ConvoyConfig cosine = ConfigurationsTest.load("schedule: {kind: cosine}");
    assertThat(step.experimentDifferences(cosine))
        .containsExactly(
            "schedule.kind: was step, now cosine",
            "schedule.every_epochs: was 30.0, now absent",
            "schedule.factor: was 0.1, now absent",
            "schedule.end_learning_rate: was absent, now 0.0");
    ConvoyConfig slowmo =
        ConfigurationsTest.load("sync: {strategy: slowmo, outer_momentum: 0.5, steps: 10}");
    assertThat(base.experimentDifferences(slowmo))
        .containsExactly(
            "sync.strategy: was average, now slowmo",
            "sync.outer_momentum: was absent, now 0.5",
            "sync.outer_learning_rate: was absent, now 1.0");
  }

  @Test
  void canonicalJsonHasOneFormForOneValue() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("b", List.of(1, 1.0, 1L, 0.5, -0.0, 1e21, true));
    map.put("a", "x\"\n\u00e4");
    assertThat(ExperimentIdentity.canonical(map))
        .isEqualTo("{\"a\":\"x\\\"\\n\u00e4\",\"b\":[1,1,1,0.5,0,1E+21,true]}");
  }

  /** What runs have recorded: if this changes, no recorded run resumes any more. */
  @Test
  void theDigestIsPinned() {
    assertThat(base.experimentDigest())
        .isEqualTo("f7785ec4e22453d89e2727068a95518b7fbd57ed8b5c5eac03e41c6781ed6f80");
  }

  @Test
  void shortWordForBfloat16IsNoDifference() {
    ConvoyConfig one = ConfigurationsTest.load("", "precision=bf16");
    ConvoyConfig two = ConfigurationsTest.load("", "precision=bfloat16");
    assertThat(one.experimentDigest()).isEqualTo(two.experimentDigest());
    assertThat(one.toYaml()).contains("precision: bfloat16");
    ConvoyConfig wire = ConfigurationsTest.load("", "sync.wire=bf16");
    ConvoyConfig longWord = ConfigurationsTest.load("", "sync.wire=bfloat16");
    assertThat(longWord.experimentDigest()).isEqualTo(wire.experimentDigest());
    assertThat(longWord.toYaml()).contains("wire: bf16");
  }

  @Test
  void orderOfArgumentsIsNoDifference() {
    ConvoyConfig one = ConfigurationsTest.load("", "model.arguments={a: 1, b: 2}");
    ConvoyConfig two = ConfigurationsTest.load("", "model.arguments={b: 2.0, a: 1}");
    assertThat(one.experimentDigest()).isEqualTo(two.experimentDigest());
  }
}

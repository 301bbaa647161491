package dev.convoy.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Holds the annotations of the records, and the table in configuration.md that is made from them.
 */
final class ReferenceTest {
  private static final String BEGIN = "<!-- config-reference:begin -->\n";
  private static final String END = "<!-- config-reference:end -->";

  @Test
  void everyKeyIsEitherOfTheExperimentOrOfTheOperation() {
    List<Class<? extends Record>> sections = new ArrayList<>();
    collect(ConvoyConfig.class, sections);
    assertThat(sections).hasSize(29);
    for (Class<? extends Record> section : sections) {
      for (Key key : Section.of(section).keys()) {
        boolean experiment = key.component().isAnnotationPresent(Experiment.class);
        boolean operation = key.component().isAnnotationPresent(Operation.class);
        boolean required = key.component().isAnnotationPresent(Required.class);
        boolean fallback = key.component().isAnnotationPresent(Default.class);
        String what = section.getSimpleName() + "." + key.name();
        if (key.isSection()) {
          assertThat(experiment || operation || required || fallback).as(what).isFalse();
        } else {
          assertThat(experiment ^ operation).as(what + " is fixed or free on resume").isTrue();
          assertThat(required ^ fallback).as(what + " is required or has a default").isTrue();
          assertThat(key.doc()).as(what).isNotBlank().doesNotContain("|");
        }
      }
    }
  }

  @Test
  void operationKeysAreTheseAlone() {
    assertThat(Configurations.reference().lines().filter(line -> line.contains(" | free | ")))
        .extracting(line -> line.split("`", -1)[1])
        .containsExactly(
            "dataset",
            "run",
            "checkpoint.every_rounds",
            "checkpoint.keep",
            "evaluation.every_epochs",
            "evaluation.split",
            "evaluation.batch",
            "memory.shard_cache",
            "memory.prefetch",
            "memory.idle_minutes");
  }

  @Test
  void thePageHoldsTheReference() throws IOException {
    String page = Files.readString(Path.of("configuration.md"));
    assertThat(page).contains("# Configuration").contains(BEGIN).contains(END);
    String table = page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END));
    assertThat(table).isEqualTo(Configurations.reference());
  }

  @Test
  void keysOfSomeKindsSayWhich() {
    assertThat(Configurations.reference())
        .contains("at most 1 (step, multi_step) |")
        .contains("alone (polynomial, cosine) |")
        .contains("| `epochs` | whole number | required | fixed |")
        .contains("| `memory.shard_cache` | size | `512MiB` | free |");
  }

  private static void collect(Class<?> type, List<Class<? extends Record>> sections) {
    if (type.isSealed()) {
      for (Class<?> kind : type.getPermittedSubclasses()) {
        collect(kind, sections);
      }
      return;
    }
    Class<? extends Record> section = type.asSubclass(Record.class);
    sections.add(section);
    for (Key key : Section.of(section).keys()) {
      if (key.isSection()) {
        collect(key.component().getType(), sections);
      }
    }
  }
}

package dev.convoy.trainer.cli;

import dev.convoy.models.Architecture;
import dev.convoy.models.ModelArgument;
import dev.convoy.models.ModelSpec;

/** What a network's configuration may say, for people. */
final class ModelArguments {

  private ModelArguments() {}

  static String text(Architecture architecture, ModelSpec spec) {
    int smallest = architecture.smallestSide(spec);
    StringBuilder text =
        new StringBuilder(
            "%s. Smallest height and width: %d.".formatted(architecture.description(), smallest));
    for (ModelArgument argument : architecture.arguments()) {
      text.append(
          "%nArgument %s (%s; default %s): %s."
              .formatted(
                  argument.name(),
                  argument.accepted(),
                  argument.defaultValue(),
                  argument.meaning()));
    }
    return text.toString();
  }
}

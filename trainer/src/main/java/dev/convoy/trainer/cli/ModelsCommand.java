package dev.convoy.trainer.cli;

import dev.convoy.models.Architecture;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSummary;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code convoy models [NAME]}. */
@Command(name = "models", description = "List the networks, or show one layer by layer.")
final class ModelsCommand implements Callable<Integer> {

  @ParentCommand private Convoy convoy;
  @Mixin private OutputOptions output;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "A network; default: all.")
  private String name;

  @Override
  public Integer call() {
    ModelRegistry registry = ModelRegistry.standard();
    List<Architecture> asked = name == null ? registry.all() : List.of(registry.get(name));
    List<ModelSummary> summaries =
        asked.stream().map(a -> ModelSummary.of(registry, registry.defaultSpec(a.name()))).toList();
    Listing listing =
        new Listing(
            summaries.stream()
                .map(s -> new Entry(s.name(), s.parameters(), s.multiplyAdds(), s.input()))
                .toList());
    output.say(
        convoy.console(),
        listing,
        name == null ? table(asked, summaries) : summaries.get(0).render());
    return 0;
  }

  private static String table(List<Architecture> architectures, List<ModelSummary> summaries) {
    StringBuilder text =
        new StringBuilder(
            "%-18s %12s %14s %11s  %s"
                .formatted("name", "parameters", "multiply-adds", "input", ""));
    for (int i = 0; i < summaries.size(); i++) {
      ModelSummary summary = summaries.get(i);
      InputShape input = summary.input();
      text.append(
          "%n%-18s %,12d %,14d %11s  %s"
              .formatted(
                  summary.name(),
                  summary.parameters(),
                  summary.multiplyAdds(),
                  "%dx%dx%d".formatted(input.channels(), input.height(), input.width()),
                  architectures.get(i).description()));
    }
    return text.toString();
  }

  private record Listing(List<Entry> models) {}

  private record Entry(String name, long parameters, long multiplyAdds, InputShape input) {}
}

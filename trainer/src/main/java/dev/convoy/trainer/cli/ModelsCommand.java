package dev.convoy.trainer.cli;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.Architecture;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.ModelSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code convoy models [NAME]}. */
@Command(name = "models", description = "List the networks, or show one layer by layer.")
final class ModelsCommand implements Callable<Integer> {
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,5})x(\\d{1,5})x(\\d{1,5})");

  @ParentCommand private Convoy convoy;
  @Mixin private OutputOptions output;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "A network; default: all.")
  private String name;

  @Option(
      names = "--input",
      paramLabel = "CxHxW",
      description = "Channels, height and width of NAME's input; default: as it was published.")
  private String input;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "Classes that NAME tells apart; default: as it was published.")
  private Integer classes;

  @Option(
      names = "--set",
      paramLabel = "ARGUMENT=VALUE",
      description = "An argument of NAME, as in model.arguments; may be given more than once.")
  private Map<String, String> arguments = new LinkedHashMap<>();

  @Override
  public Integer call() {
    ModelRegistry registry = ModelRegistry.standard();
    if (name == null) {
      requireNothingForOne();
      List<ModelSummary> summaries =
          registry.all().stream()
              .map(a -> ModelSummary.of(registry, registry.defaultSpec(a.name())))
              .toList();
      output.say(convoy.console(), Listing.of(summaries), table(registry.all(), summaries));
      return 0;
    }
    Architecture architecture = registry.get(name);
    ModelSpec spec = spec(registry.defaultSpec(name));
    ModelSummary summary = ModelSummary.of(registry, spec);
    output.say(
        convoy.console(),
        Listing.of(List.of(summary)),
        summary.render() + ModelArguments.text(architecture, spec));
    return 0;
  }

  private void requireNothingForOne() {
    if (input != null || classes != null || !arguments.isEmpty()) {
      throw new InvalidRequestException(
          "--input, --classes and --set are for one network: convoy models NAME");
    }
  }

  private ModelSpec spec(ModelSpec published) {
    return new ModelSpec(
        name,
        ArgumentValues.of(arguments),
        input == null ? published.input() : shape(input),
        classes == null ? published.classes() : classes);
  }

  private static InputShape shape(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      throw new InvalidRequestException(
          "--input is "
              + text
              + "; it has to be channels, height and width, for example 3x224x224");
    }
    return new InputShape(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  private static String table(List<Architecture> architectures, List<ModelSummary> summaries) {
    StringBuilder text =
        new StringBuilder(
            "%-18s %12s %14s %11s  %s"
                .formatted("name", "parameters", "multiply-adds", "input", ""));
    for (int i = 0; i < summaries.size(); i++) {
      ModelSummary summary = summaries.get(i);
      text.append(
          "%n%-18s %,12d %,14d %11s  %s"
              .formatted(
                  summary.name(),
                  summary.parameters(),
                  summary.multiplyAdds(),
                  summary.input(),
                  architectures.get(i).description()));
    }
    return text.toString();
  }

  private record Listing(List<Entry> models) {
    static Listing of(List<ModelSummary> summaries) {
      return new Listing(
          summaries.stream()
              .map(s -> new Entry(s.name(), s.parameters(), s.multiplyAdds(), s.input()))
              .toList());
    }
  }

  private record Entry(String name, long parameters, long multiplyAdds, InputShape input) {}
}

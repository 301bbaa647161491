package dev.convoy.trainer.training;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.trainer.checkpoint.Checkpoint;
import dev.convoy.trainer.config.Configurations;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.run.RunDirectory;
import dev.convoy.trainer.run.RunRecord;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What is refused where a run directory holds a run already: another experiment than its own. */
final class ResumeChecks {

  private ResumeChecks() {}

  /** A new run belongs where there is none. */
  static void refuseOtherRun(RunDirectory directory, ConvoyConfig config) throws IOException {
    Optional<RunRecord> there;
    try {
      there = directory.record();
    } catch (BadDataException e) {
      throw new InvalidRequestException(e.getMessage(), e);
    }
    if (there.isEmpty()) {
      return;
    }
    ConvoyConfig started = Configurations.load(there.get().configuration());
    List<String> differences =
        started.experimentDifferences(
            config.datasetVersion().equals(ConvoyConfig.NEWEST_VERSION)
                ? config.withDatasetVersion(started.datasetVersion())
                : config);
    if (differences.isEmpty()) {
      throw new RunExistsException(
          "%s already holds this run; `resume --run` goes on with it"
              .formatted(directory.location()));
    }
    throw new InvalidRequestException(
        "%s belongs to another configuration:%n  %s%nchoose another run directory"
            .formatted(directory.location(), lines(differences)));
  }

  /** A run's experiment does not change. */
  static void refuseOtherExperiment(RunRecord record, ConvoyConfig config) {
    List<String> differences =
        Configurations.load(record.configuration()).experimentDifferences(config);
    if (!differences.isEmpty()) {
      throw new InvalidRequestException(
          "a resumed run keeps its experiment, but these differ:%n  %s%nstart another run for them"
              .formatted(lines(differences)));
    }
  }

  /** Nor does what it trains on. */
  static void refuseOtherDataset(RunRecord record, TrainingSetup setup) {
    if (!setup.manifest().fingerprint().equals(record.datasetFingerprint())) {
      throw new InvalidRequestException(
          "the run was started on version %s of the dataset with fingerprint %s; %s has fingerprint %s"
              .formatted(
                  record.datasetVersion(),
                  record.datasetFingerprint(),
                  setup.config().dataset(),
                  setup.manifest().fingerprint()));
    }
    if (!setup.manifest().layoutSha256().equals(record.datasetLayout())) {
      throw new InvalidRequestException(
          ("%s holds the images that the run was started on, but in other splits or shards, so that the"
                  + " run would go on with other batches; ingest them with the --validation-share,"
                  + " --test-share, --shard-bytes and version of Convoy of the first time, or restore"
                  + " that dataset from a copy")
              .formatted(setup.config().dataset()));
    }
  }

  /** Nor the machines' arithmetic, unless the configuration allows it to. */
  static void refuseOtherProfile(RunRecord record, TrainingSetup setup, ComputeProfile here) {
    if (!setup.config().allowMixedProfiles() && !here.equals(record.profile())) {
      throw new InvalidRequestException(
          ("the run computes with %s, this cluster with %s; resume it on machines of the first kind, since"
                  + " its results would differ in their last bits")
              .formatted(record.profile(), here));
    }
  }

  /** A checkpoint is the run's own, and holds what its strategy goes on from. */
  static void requireOwn(Checkpoint checkpoint, RunRecord record, TrainingSetup setup) {
    if (!checkpoint.record().trained().origin().equals(setup.trained(record).origin())) {
      throw new BadDataException(
          "checkpoint %s is of another run than the run.json beside it; remove it, or resume the run that it is from"
              .formatted(checkpoint.location()));
    }
    boolean averaged = setup.ema().isPresent();
    if (checkpoint.isAveraged() != averaged) {
      throw new BadDataException(
          "checkpoint %s has %s moving average of the weights, the run %s; remove it, or restore it from a copy"
              .formatted(
                  checkpoint.location(),
                  checkpoint.isAveraged() ? "a" : "no",
                  averaged ? "keeps one" : "keeps none"));
    }
    int remembered = setup.strategy().initial().momentum().length;
    int found = checkpoint.outer().momentum().length;
    if (found != remembered) {
      throw new BadDataException(
          "checkpoint %s has %d outer momenta, the run's strategy %d; remove it, or restore it from a copy"
              .formatted(checkpoint.location(), found, remembered));
    }
  }

  private static String lines(List<String> differences) {
    return String.join(System.lineSeparator() + "  ", differences);
  }
}

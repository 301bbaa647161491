package dev.convoy.trainer.dl4j;

import dev.convoy.models.engine.Precision;
import dev.convoy.models.engine.dl4j.CompiledGraph;
import dev.convoy.models.engine.dl4j.EngineSettings;
import dev.convoy.models.engine.dl4j.VarianceEstimate;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.PrecisionChoice;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Plans of the compiled engine; DL4J's own layers for what these do not support.
 *
 * @param threads of each worker
 */
record PlanArithmetic(
    int threads,
    Precision precision,
    EngineSettings.Unsupported unsupported,
    VarianceEstimate variance)
    implements Arithmetic {

  static PlanArithmetic of(EngineSettings settings) {
    return new PlanArithmetic(
        settings.backend().threads(),
        settings.precision(),
        settings.unsupported(),
        settings.variance());
  }

  @Override
  public String claim() {
    PrecisionChoice choice =
        precision == Precision.BFLOAT16 ? PrecisionChoice.BFLOAT16 : PrecisionChoice.FLOAT32;
    try {
      return ComputeProfile.resolve(threads, choice) + "; " + new StockArithmetic().claim();
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "the driver's network computes as this executor cannot: " + e.getMessage(), e);
    }
  }

  @Override
  public ComputationGraph adopt(ComputationGraph plain) {
    EngineSettings settings =
        EngineSettings.withThreads(threads).with(precision).with(unsupported).with(variance);
    return CompiledGraph.adopt(plain, settings);
  }
}

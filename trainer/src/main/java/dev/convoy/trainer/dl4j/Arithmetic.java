package dev.convoy.trainer.dl4j;

import dev.convoy.models.engine.dl4j.CompiledGraph;
import java.io.Serializable;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** What workers compute with, as the driver's network does. Travels to executors. */
interface Arithmetic extends Serializable {

  /** Plans of the compiled engine for a {@link CompiledGraph}, DL4J's own layers for others. */
  static Arithmetic of(ComputationGraph graph) {
    return graph instanceof CompiledGraph compiled
        ? PlanArithmetic.of(compiled.settings())
        : new StockArithmetic();
  }

  /**
   * Readies this process and thread for it; says with what it computes, which fixes the bits.
   *
   * @throws IllegalStateException if this processor cannot compute so
   */
  String claim();

  /** A network that computes so, made of an initialised plain one. */
  ComputationGraph adopt(ComputationGraph plain);
}

package dev.convoy.models.engine;

import dev.convoy.models.engine.autodiff.Differentiation;
import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.Executable;
import dev.convoy.models.engine.backend.StoragePlan;
import dev.convoy.models.engine.ir.ForwardPass;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.memory.StoragePlanner;
import dev.convoy.models.engine.memory.StorageVerifier;
import dev.convoy.models.engine.passes.AccumulateGradients;
import dev.convoy.models.engine.passes.AssignTypes;
import dev.convoy.models.engine.passes.FoldBatchNorms;
import dev.convoy.models.engine.passes.FuseActivations;
import dev.convoy.models.engine.passes.FuseResiduals;
import dev.convoy.models.engine.passes.HoistPreparation;
import dev.convoy.models.engine.passes.MergeGroups;
import dev.convoy.models.engine.passes.Pass;
import dev.convoy.models.engine.passes.RemoveRedundant;
import dev.convoy.models.engine.passes.ResolveLayouts;
import java.util.List;

/** From a forward pass to programs that a backend can run: which passes, in which order. */
final class PlanCompiler {
  private final Backend backend;
  private final Precision precision;

  PlanCompiler(Backend backend, Precision precision) {
    this.backend = backend;
    this.precision = precision;
  }

  /** Forward and backward in one program. */
  Program training(ForwardPass forward) {
    return run(
        Differentiation.of(typed(forward), forward.trainable()),
        List.of(
            new AccumulateGradients(backend), new ResolveLayouts(backend), new RemoveRedundant()));
  }

  /** Forward as in training, with nothing to differentiate. */
  Program statistics(ForwardPass forward) {
    return run(typed(forward), List.of(new ResolveLayouts(backend), new RemoveRedundant()));
  }

  private Program typed(ForwardPass forward) {
    return run(
        forward.program(),
        List.of(
            new MergeGroups(backend, precision.element()),
            new AssignTypes(backend, precision.element()),
            new FuseActivations(backend)));
  }

  /** What prepares the parameters, and the rest. */
  HoistPreparation.Split inference(ForwardPass forward) {
    Program program =
        run(
            forward.program(),
            List.of(
                new FoldBatchNorms(),
                new MergeGroups(backend, precision.element()),
                new AssignTypes(backend, precision.element()),
                new FuseActivations(backend),
                new FuseResiduals(backend),
                new ResolveLayouts(backend),
                new RemoveRedundant()));
    return new HoistPreparation(backend).apply(program);
  }

  /** A program in its arena. */
  CompiledProgram compile(Program program) {
    StoragePlan storage = new StoragePlanner(backend).plan(program);
    StorageVerifier.verify(program, storage, backend);
    Executable executable = backend.compile(program, storage);
    return new CompiledProgram(program, executable, storage.arenaBytes());
  }

  private static Program run(Program program, List<Pass> passes) {
    Program result = program;
    for (Pass pass : passes) {
      result = pass.apply(result);
    }
    return result;
  }
}

package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.CompiledNetwork;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.abstracts.DummyWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A compiled network and what it puts out.
 *
 * @param classes for each output
 */
@SuppressWarnings("try") // Workspaces act by being open.
record PlannedNetwork(CompiledNetwork network, List<Integer> classes) {
  PlannedNetwork {
    classes = List.copyOf(classes);
  }

  /** Whether labels have the shape of the outputs for a batch. */
  boolean fits(INDArray[] labels, int batch) {
    if (labels.length != classes.size()) {
      return false;
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i].rank() != 2
          || labels[i].size(0) != batch
          || labels[i].size(1) != classes.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** Arrays for the outputs, in no workspace. */
  INDArray[] predictions(int batch) {
    try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      return arrays(batch);
    }
  }

  /** Arrays for the outputs in a workspace, which DL4J leaves null for none. */
  INDArray[] predictions(int batch, MemoryWorkspace workspace) {
    if (workspace == null || workspace instanceof DummyWorkspace) {
      return predictions(batch);
    }
    try (MemoryWorkspace borrowed = workspace.notifyScopeBorrowed()) {
      return arrays(batch);
    }
  }

  private INDArray[] arrays(int batch) {
    return classes.stream()
        .map(count -> Nd4j.createUninitialized(DataType.FLOAT, new long[] {batch, count}, 'c'))
        .toArray(INDArray[]::new);
  }
}

package dev.convoy.trainer.executor;

import dev.convoy.data.batch.ImageBatch;
import dev.convoy.data.dataset.Example;
import java.io.IOException;
import java.util.List;

/** A run's planned batches, each a pure function of its place. Safe for use by several threads. */
public interface BatchSource {

  /**
   * The examples of a batch, encoded.
   *
   * @param endStep the step after the last one for which this worker will ask here: those on the
   *     way may be read together
   */
  List<Example> read(BatchPlace place, int endStep) throws IOException;

  /** The batch that examples become: decoded, augmented, normalised. */
  ImageBatch prepare(BatchPlace place, List<Example> examples);

  /** Bytes of the heap that a batch takes when it is prepared, about. */
  long bytes(BatchPlace place);
}

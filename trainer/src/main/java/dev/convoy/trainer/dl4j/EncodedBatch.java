package dev.convoy.trainer.dl4j;

import dev.convoy.data.BadDataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * One minibatch as bytes: what Spark keeps and shuffles is counted by its memory management, which
 * arrays outside Java's heap are not.
 *
 * @param examples its size
 * @param content as {@link MultiDataSet#save} writes it
 */
record EncodedBatch(int examples, byte[] content) implements Serializable {

  static EncodedBatch of(org.nd4j.linalg.dataset.api.MultiDataSet batch) throws IOException {
    int examples = examples("features", batch.getFeatures());
    int labelled = examples("labels", batch.getLabels());
    if (examples != labelled) {
      throw new BadDataException(
          "a DataSet of the RDD has %d examples in its features and %d in its labels; they have to agree"
              .formatted(examples, labelled));
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    batch.save(content);
    return new EncodedBatch(examples, content.toByteArray());
  }

  private static int examples(String what, INDArray[] arrays) {
    if (arrays == null || arrays.length == 0 || arrays[0] == null || arrays[0].isEmpty()) {
      throw new BadDataException(
          "a DataSet of the RDD has no "
              + what
              + "; every DataSet has to be a minibatch with features and labels");
    }
    return Math.toIntExact(arrays[0].size(0));
  }

  /** The minibatch, in new arrays. */
  MultiDataSet decode() throws IOException {
    MultiDataSet batch = new MultiDataSet();
    batch.load(new ByteArrayInputStream(content));
    return batch;
  }
}

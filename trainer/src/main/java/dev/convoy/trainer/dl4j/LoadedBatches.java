package dev.convoy.trainer.dl4j;

import dev.convoy.data.BadDataException;
import dev.convoy.data.storage.HadoopSettings;
import java.io.IOException;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.nd4j.common.loader.Loader;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Loads the batches that paths name, on the executors. */
final class LoadedBatches implements FlatMapFunction<Iterator<String>, EncodedBatch> {

  private static final long serialVersionUID = 1L;

  private final Loader<?> loader;
  private final HadoopSettings hadoop;

  /**
   * Makes the function.
   *
   * @param loader of {@link DataSet} or {@link MultiDataSet}
   */
  LoadedBatches(Loader<?> loader, HadoopSettings hadoop) {
    this.loader = loader;
    this.hadoop = hadoop;
  }

  @Override
  public Iterator<EncodedBatch> call(Iterator<String> paths) {
    Configuration configuration = hadoop.toConfiguration();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return paths.hasNext();
      }

      @Override
      public EncodedBatch next() {
        return load(paths.next(), configuration);
      }
    };
  }

  private EncodedBatch load(String path, Configuration configuration) {
    try {
      Object loaded = loader.load(new HadoopSource(path, configuration));
      return EncodedBatch.of(
          loaded instanceof DataSet one ? one.toMultiDataSet() : (MultiDataSet) loaded);
    } catch (IOException e) {
      throw new BadDataException(path + " could not be loaded: " + e.getMessage(), e);
    }
  }
}

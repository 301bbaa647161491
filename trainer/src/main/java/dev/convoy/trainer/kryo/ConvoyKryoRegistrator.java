package dev.convoy.trainer.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.trainer.averaging.WorkerState;
import dev.convoy.trainer.evaluation.EvaluationSettings;
import dev.convoy.trainer.round.RunSettings;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.serializer.KryoRegistrator;
import org.nd4j.kryo.Nd4jRegistrator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * Registers with Kryo what Convoy sends through Spark, so that {@code
 * spark.kryo.registrationRequired=true} holds; workers' slices have a serializer of their own.
 * Tensors travel component by component; settings, which travel once a run and hold all sorts of
 * small things, by Java's serialization inside Kryo's.
 */
public final class ConvoyKryoRegistrator implements KryoRegistrator {

  private static final List<Class<? extends Record>> STATES =
      List.of(NetworkState.class, WorkerState.class, ComputeProfile.class);

  private static final List<Class<?>> SETTINGS =
      List.of(RunSettings.class, EvaluationSettings.class);

  /** Package-private records, by name, since only Kryo needs to know them. */
  private static final List<String> RESULTS =
      List.of(
          "dev.convoy.trainer.round.WorkerReport",
          "dev.convoy.trainer.round.MergedSlice",
          "dev.convoy.trainer.evaluation.EvaluationChunk",
          "dev.convoy.trainer.evaluation.ChunkScore",
          "dev.convoy.trainer.prediction.Prediction",
          "dev.convoy.trainer.recalibration.StatisticsChunk",
          "dev.convoy.trainer.recalibration.StatisticsSum",
          "dev.convoy.trainer.recalibration.CheckedSum",
          "dev.convoy.trainer.dl4j.EncodedBatch",
          "dev.convoy.trainer.dl4j.GraphState",
          "dev.convoy.trainer.dl4j.ReplicaParts",
          "dev.convoy.trainer.dl4j.RoundReport",
          "dev.convoy.trainer.dl4j.SlicePart",
          "dev.convoy.trainer.dl4j.MergedPart");

  /** What RDDs for dl4j-spark hold. */
  private static final List<Class<?>> BATCHES =
      List.of(
          DataSet.class,
          DataSet[].class,
          MultiDataSet.class,
          MultiDataSet[].class,
          INDArray[].class);

  @Override
  public void registerClasses(Kryo kryo) {
    new Nd4jRegistrator().registerClasses(kryo);
    kryo.register(ArrayList.class);
    kryo.register(float[].class, new FloatArraySerializer());
    BATCHES.forEach(kryo::register);
    STATES.forEach(type -> register(kryo, type));
    SETTINGS.forEach(type -> kryo.register(type, new JavaSerializer()));
    for (String name : RESULTS) {
      register(kryo, load(name));
    }
  }

  private static <T extends Record> void register(Kryo kryo, Class<T> type) {
    kryo.register(type, new RecordSerializer<>(type));
    kryo.register(type.arrayType());
  }

  private static Class<? extends Record> load(String name) {
    try {
      return Class.forName(name).asSubclass(Record.class);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name + " is missing from Convoy's jar", e);
    }
  }
}

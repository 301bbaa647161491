package dev.convoy.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.kryo.ConvoyKryoRegistrator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** Sends objects through the serializers that Spark may have been given. */
public final class Travel {

  private Travel() {}

  /** Sends an object through each of them and looks at what arrives. */
  public static <T> void check(T sent, Class<T> type, Consumer<T> expectation) {
    ClassTag<T> tag = ClassTag$.MODULE$.apply(type);
    for (SerializerInstance serializer : List.of(kryo(), java())) {
      T arrived = serializer.deserialize(serializer.serialize(sent, tag), tag);
      assertThat(arrived).as("through " + serializer).isNotSameAs(sent);
      expectation.accept(arrived);
    }
  }

  private static SerializerInstance kryo() {
    return new KryoSerializer(
            new SparkConf(false)
                .set("spark.kryo.registrationRequired", "true")
                .set("spark.kryo.registrator", ConvoyKryoRegistrator.class.getName()))
        .newInstance();
  }

  private static SerializerInstance java() {
    return new JavaSerializer(new SparkConf(false)).newInstance();
  }
}

package dev.convoy.data.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.dataset.ShardReader;
import dev.convoy.data.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

final class KryoTest {
  @TempDir private Path folder;

  private static <T> T throughKryo(T value, Class<T> type, String required) {
    SparkConf conf = new SparkConf(false).set("spark.kryo.registrationRequired", required);
    SerializerInstance kryo = new KryoSerializer(conf).newInstance();
    ClassTag<T> tag = ClassTag$.MODULE$.apply(type);
    return kryo.deserialize(kryo.serialize(value, tag), tag);
  }

  @Test
  void whatTasksCarryNeedsNoRegistration() {
    ScanResult result = ScanResult.empty();
    result.images().add(new ScannedImage("a/1", 2, new byte[] {1}, 3, 4, 1));
    result.rejects().add(new Reject("b", "c"));
    byte[] carried = throughKryo(Parcel.pack(result), byte[].class, "true");
    ScanResult back = Parcel.unpack(carried, ScanResult.class);
    assertThat(back.images().get(0).sha256()).containsExactly(1);
    assertThat(back.rejects()).isEqualTo(List.copyOf(new ArrayList<>(result.rejects())));
  }

  @Test
  void storagesAndReadersTravel() throws IOException {
    Storage storage = Storage.at(folder.toString(), new Configuration());
    storage.write("x", new byte[] {5});
    assertThat(throughKryo(storage, Storage.class, "false").read("x")).containsExactly(5);
    assertThat(throughKryo(new ShardReader(storage), ShardReader.class, "false")).isNotNull();
  }
}

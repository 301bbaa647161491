package dev.convoy.data.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScanTaskTest {
  @TempDir private Path input;

  private static byte[] ids(String... ids) {
    return Parcel.pack(new ArrayList<>(List.of(ids)));
  }

  @Test
  void anImageThatTheMemoryDoesNotSufficeForIsNamed() throws IOException {
    Pictures.fill(input, 4, "b");
    Configuration conf = new Configuration();
    conf.set("fs.greedy.impl", GreedyFileSystem.class.getName());
    ScanTask task = new ScanTask(Storage.at("greedy://" + input, conf));
    ScanResult others = Parcel.unpack(task.call(ids("b/0.png", "b/1.png")), ScanResult.class);
    assertThat(others.images()).hasSize(2);
    assertThatThrownBy(() -> task.call(ids("b/2.png", "b/3.png")))
        .isInstanceOf(IllegalStateException.class)
        .hasNoCause()
        .hasMessageContaining(input + "/b/3.png (Java heap space; the heap is ")
        .hasMessageContaining("spark.executor.memory; CONVOY_HEAP for a local master")
        .hasMessageContaining("make the image smaller");
  }
}

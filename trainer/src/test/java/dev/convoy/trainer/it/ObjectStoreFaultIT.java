package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.trainer.it.FaultyProxy.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** S3 that is overloaded, behind a network that drops connections. */
@ExtendWith(ReferenceRunExtension.class)
final class ObjectStoreFaultIT {

  /** More tries than S3A makes with {@link ObjectStore#connection}: three by three. */
  private static final int BEYOND_S3A = 12;

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void aRunOnABadNetworkGivesWhatAGoodOneGives(ReferenceRun reference) throws Exception {
    trains(reference, 1, 0.1);
  }

  @Test
  @Tag("full")
  void aRunOnAWorseNetworkGivesWhatAGoodOneGives(ReferenceRun reference) throws Exception {
    trains(reference, 2, 0.3);
  }

  private void trains(ReferenceRun reference, long seed, double share) throws Exception {
    try (ObjectStore store = ObjectStore.start(folder.resolve("server"), processes);
        FaultyProxy network = FaultyProxy.start(store.endpoint(), seed, share)) {
      store.upload(reference.dataset(), "dataset");
      network.dropAnswersToPuts("/lease.json", BEYOND_S3A);
      network.dropAnswersToPuts("/checkpoint.json", BEYOND_S3A);
      List<String> arguments =
          new ArrayList<>(reference.train(store.uri("dataset"), store.uri("run")));
      arguments.add("--master=local[2,4]");
      ObjectStore.connection(network.endpoint()).forEach(s -> arguments.add("--conf=" + s));
      store.credentials().forEach(s -> arguments.add("--conf=" + s));
      RunningProcess train =
          processes.start("train", folder, Distribution.convoy(arguments.toArray(String[]::new)));
      JsonNode trained = train.result();

      for (Fault fault : Fault.values()) {
        assertThat(network.injected(fault)).as("%s", fault).isPositive();
      }
      assertThat(train.errors())
          .contains(
              "lease.json is there, though the store said: ",
              "checkpoint.json is there, though the store said: ");
      assertThat(store.unfinishedUploads()).isEmpty();
      store.download("run/", folder.resolve("copy"));
      RunFolder run = new RunFolder(folder.resolve("copy/run"));
      reference.assertSameResult(trained, run);
      run.assertCheckpointsWhole();
    }
  }
}

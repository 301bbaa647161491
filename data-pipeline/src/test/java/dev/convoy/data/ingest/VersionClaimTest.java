package dev.convoy.data.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.BadDataException;
import dev.convoy.data.storage.Sha256;
import dev.convoy.data.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VersionClaimTest {
  private static final String FINGERPRINT = Sha256.hex(Sha256.of("content"));

  @TempDir private Path folder;
  private Storage dataset;

  @BeforeEach
  void open() throws IOException {
    dataset = Storage.at(folder.toString(), new Configuration());
  }

  @Test
  void claimsAtTheSameTimeGetDifferentVersions() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<VersionClaim>> claims = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        claims.add(pool.submit(() -> VersionClaim.take(dataset, FINGERPRINT)));
      }
      Set<String> versions = new HashSet<>();
      for (Future<VersionClaim> claim : claims) {
        claim.get().check();
        versions.add(claim.get().version());
      }
      assertThat(versions).hasSize(24);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void aClaimThatAnotherOverwroteIsNoticed() throws IOException {
    VersionClaim claim = VersionClaim.take(dataset, FINGERPRINT);
    dataset.write(claim.path() + "/train-00000.parquet", new byte[1]);
    dataset.write("versions/00001.claim", new byte[] {'x'});
    assertThatThrownBy(claim::check)
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining(claim.version());
    claim.abandon();
    assertThat(dataset.exists(claim.path())).as("it is the other's now").isTrue();
  }

  @Test
  void abandoningLeavesNothing() throws IOException {
    VersionClaim claim = VersionClaim.take(dataset, FINGERPRINT);
    dataset.write(claim.path() + "/train-00000.parquet", new byte[1]);
    claim.abandon();
    assertThat(dataset.listing("versions").isEmpty()).isTrue();
  }

  @Test
  void onlyOldLeftoversAreDeleted() throws IOException {
    VersionClaim claim = VersionClaim.take(dataset, FINGERPRINT);
    dataset.write(claim.path() + "/train-00000.parquet", new byte[1]);
    VersionClaim.deleteAbandoned(dataset, Instant.now().plus(Duration.ofHours(23)));
    claim.check();
    assertThat(Files.exists(folder.resolve(claim.path()))).isTrue();
    VersionClaim.deleteAbandoned(dataset, Instant.now().plus(Duration.ofHours(25)));
    assertThat(dataset.listing("versions").isEmpty()).isTrue();
  }
}

package dev.convoy.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.engine.PaperBackend;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.External.Buffer;
import org.junit.jupiter.api.Test;

/** What becomes of a replica's memory when there is not enough of it. */
class ReplicaMemoryTest {
  /** Memory of which there is so much. */
  private static final class Limited extends PaperBackend {
    private final long most;
    private long taken;
    private long address = 64;

    Limited(long most) {
      this.most = most;
    }

    @Override
    public DeviceMemory allocate(long bytes) {
      if (taken + bytes > most) {
        throw new OutOfMemoryError("the test has no " + bytes + " bytes");
      }
      taken += bytes;
      address += 64;
      return new Block(bytes, address);
    }

    private final class Block implements DeviceMemory {
      private final long bytes;
      private final long address;
      private boolean closed;

      Block(long bytes, long address) {
        this.bytes = bytes;
        this.address = address;
      }

      @Override
      public long address() {
        assertThat(closed).as("freed").isFalse();
        return address;
      }

      @Override
      public long bytes() {
        return bytes;
      }

      @Override
      public void read(long offset, float[] into) {
        address();
      }

      @Override
      public void write(long offset, float[] from) {
        address();
      }

      @Override
      public void close() {
        assertThat(closed).as("freed before").isFalse();
        closed = true;
        taken -= bytes;
      }
    }
  }

  @Test
  void nothingIsLeftOfAReplicaThatDoesNotFit() {
    for (int most = 0; most < 1204; most++) {
      Limited backend = new Limited(most);
      assertThatThrownBy(() -> new ReplicaMemory(backend, 100, 1, 1))
          .isInstanceOf(OutOfMemoryError.class);
      assertThat(backend.taken).isZero();
    }
    Limited backend = new Limited(1204);
    new ReplicaMemory(backend, 100, 1, 1).close();
    assertThat(backend.taken).isZero();
  }

  @Test
  void aBatchThatDoesNotFitTakesNothingFromASmallerOne() {
    Limited backend = new Limited(2000);
    try (ReplicaMemory memory = new ReplicaMemory(backend, 100, 1, 1)) {
      External images = External.of(Buffer.IMAGES);
      long before = memory.training(new float[10], new float[4]).address(images);
      float[] many = new float[1000];
      assertThatThrownBy(() -> memory.training(many, new float[4]))
          .isInstanceOf(OutOfMemoryError.class);
      assertThat(memory.training(new float[10], new float[4]).address(images)).isEqualTo(before);
    }
    assertThat(backend.taken).isZero();
  }
}

package dev.convoy.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.convoy.models.InvalidModelException;
import dev.convoy.models.safetensors.SafetensorsFile;
import dev.convoy.models.state.NamedTensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged weight files: each gives tensors or the documented exception, in bounded time and with
 * memory in proportion to its size.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WeightFuzzTest {

  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final long MOST_NANOSECONDS = 1_000_000_000L;

  /** Bytes allocated for each byte of the files, at most; the rest is what an exception takes. */
  private static final long MOST_TIMES = 20;

  private static final long MOST_MORE = 256 << 10;

  /** A sound file of each kind, and what may be damaged of it. */
  enum Subject {
    SAFETENSORS {
      @Override
      byte[][] files() {
        SortedMap<String, NamedTensor> tensors = new TreeMap<>();
        for (int i = 0; i < 12; i++) {
          tensors.put("layer" + i + ".0.conv1.weight", SmallKeras.tensor(4, 3, 1, 1));
          tensors.put("layer" + i + ".0.bn1.running_var", SmallKeras.tensor(4));
        }
        Map<String, String> description =
            Map.of(
                "model", "resnet50",
                "arguments", "{\"norm_epsilon\":0.001,\"width\":2}",
                "input", "[3,64,64]",
                "classes", "[\"a\",\"b\"]",
                "mean", "[0.1,0.2,0.3]",
                "std", "[0.4,0.5,0.6]");
        return new byte[][] {SafetensorsFile.write(tensors, description)};
      }
    },
    TFJS {
      @Override
      byte[][] files() {
        return SmallKeras.tfjs();
      }
    },
    HDF5_WEIGHTS {
      @Override
      byte[][] files() {
        return new byte[][] {SmallKeras.golden("weights.h5")};
      }
    },
    HDF5_MODEL {
      @Override
      byte[][] files() {
        return new byte[][] {SmallKeras.golden("model.h5")};
      }
    };

    abstract byte[][] files();
  }

  @ParameterizedTest
  @EnumSource(Subject.class)
  void survivesDamage(Subject subject) {
    survive(subject, 2_000);
  }

  @ParameterizedTest
  @EnumSource(Subject.class)
  @Tag("full")
  void survivesMuchDamage(Subject subject) {
    survive(subject, 250_000);
  }

  private static void survive(Subject subject, int count) {
    byte[][] sound = subject.files();
    read(sound);
    int refused = 0;
    for (int k = 0; k < count; k++) {
      byte[][] files = sound.clone();
      int which = k % files.length;
      files[which] = Mutations.of(files[which], k);
      refused += readMeasured(subject, k, files) ? 0 : 1;
    }
    assertThat(refused).as("files that were refused").isGreaterThan(count / 10);
  }

  /** Whether it gave tensors. */
  private static boolean readMeasured(Subject subject, int number, byte[][] files) {
    long size = 0;
    for (byte[] file : files) {
      size += file.length;
    }
    long most = MOST_TIMES * size + MOST_MORE;
    try {
      Reading reading = Reading.of(files);
      if (reading.allocated() > most) {
        // Classes that Java loads for a first use count for their thread, and come but once.
        reading = Reading.of(files);
      }
      if (reading.allocated() > most || reading.nanoseconds() > MOST_NANOSECONDS) {
        fail("%s number %d of %d bytes: %s".formatted(subject, number, size, reading));
      }
      return reading.taken();
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return fail(subject + " number " + number + " is not refused but fails", e);
    }
  }

  /** One reading, with the processor time and the memory that it took. */
  private record Reading(boolean taken, long allocated, long nanoseconds) {

    static Reading of(byte[][] files) {
      long thread = Thread.currentThread().getId();
      long before = THREAD.getThreadAllocatedBytes(thread);
      long start = THREAD.getCurrentThreadCpuTime();
      boolean taken = read(files);
      return new Reading(
          taken,
          THREAD.getThreadAllocatedBytes(thread) - before,
          THREAD.getCurrentThreadCpuTime() - start);
    }
  }

  private static boolean read(byte[][] files) {
    try {
      WeightFile.read("f", files[0], SmallKeras.folder(files));
      return true;
    } catch (InvalidModelException e) {
      return false;
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read from a disk", e);
    }
  }
}

package dev.convoy.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.InitialParameters;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.averaging.CutState;
import dev.convoy.trainer.averaging.EndState;
import dev.convoy.trainer.averaging.Slicing;
import dev.convoy.trainer.averaging.StateLayout;
import dev.convoy.trainer.averaging.WireFormat;
import dev.convoy.trainer.averaging.WireState;
import dev.convoy.trainer.averaging.WorkerSlice;
import dev.convoy.trainer.averaging.WorkerState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** What a worker sends through the shuffle arrives as if it had been cut and copied first. */
final class SliceSerializerTest {

  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);
  private static final Slicing SLICING = new Slicing(3);
  private static final WorkerReport REPORT =
      new WorkerReport(2, 10, 20, 1.5, 0.25, 0.5, 2, true, "host", "7", List.of());
  private static final WorkerReport DIVERGED =
      new WorkerReport(
          1, 20, 30, Double.NaN, 0.25, 0.5, 2, false, "host", "7", List.of("a/\u00fc.png", "b"));

  /** With batch norms, so that parameters of both kinds take turns. */
  private static final ModelSpec MODEL = ModelRegistry.standard().defaultSpec("resnet20_cifar");

  private static final ParameterLayout PARAMETERS = Layouts.of(MODEL);

  private static final StateLayout LAYOUT = new StateLayout(PARAMETERS);
  private static final NetworkState START = InitialParameters.state(MODEL, PARAMETERS, 1);
  private static final NetworkState END =
      new NetworkState(InitialParameters.state(MODEL, PARAMETERS, 2).parameters(), momenta());

  private static float[] momenta() {
    // Momentum of the layout's kinds alone: 0 at statistics.
    WorkerState rising = LAYOUT.split(NetworkState.atRest(new float[PARAMETERS.length()]));
    for (int i = 0; i < rising.trainable().length; i++) {
      rising.momentum()[i] = i % 1000 * 1e-3f - 0.5f;
    }
    return LAYOUT.join(rising).momentum();
  }

  @ParameterizedTest
  @EnumSource(WireFormat.class)
  void slicesAreCutWhileTheyAreWritten(WireFormat format) throws IOException {
    EndState end = new EndState(format, LAYOUT, START, END);
    assertThat(end.isFinite()).isTrue();
    List<SliceResult> sent = new ArrayList<>();
    for (int slice = 0; slice < SLICING.slices(); slice++) {
      sent.add(new SliceResult.Uncut(REPORT, end, SLICING, slice));
    }
    List<WorkerResult> there = read(written(sent));
    List<WorkerSlice> cut = CutState.cut(SLICING, 2, 10, CutState.of(format, LAYOUT, START, END));
    assertSame(there, cut);
    assertThat(there.get(0).reports()).containsExactly(REPORT);
    assertThat(there.get(1).reports()).isEmpty();
    // As Spark does with what it had to put aside for want of memory.
    assertSame(read(written(List.copyOf(there))), cut);
  }

  @Test
  void bfloat16HalvesWhatAWorkerSends() {
    int values = 2 * LAYOUT.trainable();
    assertThat(bytesSent(WireFormat.FLOAT32)).isBetween(4 * values, 4 * values + 10_000);
    assertThat(bytesSent(WireFormat.BF16)).isBetween(2 * values, 2 * values + 10_000);
  }

  private static int bytesSent(WireFormat format) {
    EndState end = new EndState(format, LAYOUT, START, END);
    return written(List.of(new SliceResult.Uncut(REPORT, end, new Slicing(1), 0))).length;
  }

  @Test
  void workerThatDivergedSendsItsReportAlone() throws IOException {
    WorkerSlice nothing = new WorkerSlice(1, 0, 0, WireState.NONE);
    List<WorkerResult> there = read(written(List.of(new WorkerResult(nothing, List.of(DIVERGED)))));
    assertThat(there).hasSize(1);
    assertThat(there.get(0).reports()).containsExactly(DIVERGED);
    assertThat(there.get(0).part().examples()).isZero();
    assertThat(there.get(0).part().state().trainable().length()).isZero();
  }

  @Test
  void sliceThatEndsEarlyIsNoEndOfTheSlices() throws IOException {
    EndState end = new EndState(WireFormat.FLOAT32, LAYOUT, START, END);
    byte[] whole = written(List.of(new SliceResult.Uncut(REPORT, end, SLICING, 1)));
    for (int left : new int[] {2, 30, whole.length - 1}) {
      assertThatThrownBy(() -> read(Arrays.copyOf(whole, left)))
          .as("%d bytes of %d", left, whole.length)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void flippedBitOfAStateIsNoticed() {
    EndState end = new EndState(WireFormat.FLOAT32, LAYOUT, START, END);
    byte[] whole = written(List.of(new SliceResult.Uncut(REPORT, end, SLICING, 1)));
    for (int at : new int[] {whole.length / 3, whole.length / 2, whole.length - 9}) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      assertThatThrownBy(() -> read(damaged))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("slice 1 of worker 2 was damaged");
    }
    for (int at = 0; at < 200; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      assertThatThrownBy(() -> read(damaged)).as("byte %d", at).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whatIsSentHasToBeFinite() {
    float[] lost = END.parameters().clone();
    lost[lost.length - 1] = Float.NaN;
    for (WireFormat format : WireFormat.values()) {
      NetworkState end = new NetworkState(lost, END.momentum());
      assertThat(new EndState(format, LAYOUT, START, end).isFinite()).isFalse();
    }
    float[] large = END.momentum().clone();
    large[0] = Float.MAX_VALUE; // beyond bfloat16's largest by less than float32's
    NetworkState end = new NetworkState(END.parameters(), large);
    assertThat(new EndState(WireFormat.FLOAT32, LAYOUT, START, end).isFinite()).isTrue();
    assertThat(new EndState(WireFormat.BF16, LAYOUT, START, end).isFinite()).isFalse();
  }

  private static byte[] written(List<? extends SliceResult> results) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (SerializationStream stream = instance().serializeStream(bytes)) {
      for (SliceResult result : results) {
        stream.writeKey(slice(result), ANY);
        stream.writeValue(result, ANY);
      }
    }
    return bytes.toByteArray();
  }

  private static Object slice(SliceResult result) {
    return result instanceof SliceResult.Uncut uncut
        ? uncut.slice()
        : ((WorkerResult) result).part().slice();
  }

  private static List<WorkerResult> read(byte[] bytes) throws IOException {
    Iterator<Tuple2<Object, Object>> pairs =
        instance().deserializeStream(new ByteArrayInputStream(bytes)).asKeyValueIterator();
    List<WorkerResult> results = new ArrayList<>();
    while (pairs.hasNext()) {
      WorkerResult result = (WorkerResult) pairs.next()._2();
      results.add(result);
    }
    return results;
  }

  private static SerializerInstance instance() {
    return new SliceSerializer().newInstance();
  }

  private static void assertSame(List<WorkerResult> there, List<WorkerSlice> cut) {
    assertThat(there).hasSameSizeAs(cut);
    for (int s = 0; s < cut.size(); s++) {
      WorkerSlice part = there.get(s).part();
      assertThat(part.worker()).isEqualTo(cut.get(s).worker());
      assertThat(part.slice()).isEqualTo(s);
      assertThat(part.examples()).isEqualTo(cut.get(s).examples());
      assertThat(bytes(part.state())).isEqualTo(bytes(cut.get(s).state()));
    }
  }

  private static byte[] bytes(WireState state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      EndState.write(state, new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}

package dev.convoy.trainer.averaging;

import dev.convoy.models.state.NetworkState;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * The state in which a worker ended a round, written slice by slice straight from where it lies.
 *
 * <p>Of each slice: the format, the number of trainable elements and of statistics, then the
 * elements, their momentum, means and variances, little-endian.
 *
 * @param format of parameters and momentum
 * @param layout of the network
 * @param start the state from which the worker started
 * @param end the state in which it ended; neither may change any more
 */
public record EndState(
    WireFormat format, StateLayout layout, NetworkState start, NetworkState end) {

  /** Whether neither the state nor what is sent of it has a NaN or an infinity. */
  public boolean isFinite() {
    if (!end.isFinite()) {
      return false;
    }
    return switch (format) {
      case FLOAT32 -> true;
      case BF16 ->
          differencesAreFinite(start.parameters(), end.parameters())
              && differencesAreFinite(start.momentum(), end.momentum());
    };
  }

  private boolean differencesAreFinite(float[] from, float[] to) {
    boolean[] finite = {true};
    layout.eachRun(
        0,
        layout.trainable(),
        (offset, count) -> {
          for (int i = offset; i < offset + count; i++) {
            finite[0] &= Bfloat16.isFinite(Bfloat16.of(to[i] - from[i]));
          }
        });
    return finite[0];
  }

  /** Writes one slice; the first one carries the running statistics. */
  public void write(Slicing slicing, int slice, DataOutputStream out) throws IOException {
    int from = slicing.from(slice, layout.trainable());
    int to = slicing.from(slice + 1, layout.trainable());
    float[] means = slice == 0 ? layout.means(end) : WireState.NO_STATISTICS;
    float[] variances = slice == 0 ? layout.variances(end) : WireState.NO_STATISTICS;
    writeHead(format, to - from, means.length, out);
    NumberBlocks blocks = new NumberBlocks();
    writeVector(start.parameters(), end.parameters(), from, to, blocks, out);
    writeVector(start.momentum(), end.momentum(), from, to, blocks, out);
    blocks.write(means, 0, means.length, out);
    blocks.write(variances, 0, variances.length, out);
  }

  private void writeVector(
      float[] first, float[] last, int from, int to, NumberBlocks blocks, DataOutputStream out)
      throws IOException {
    layout.eachRun(
        from,
        to,
        (offset, count) -> {
          switch (format) {
            case FLOAT32 -> blocks.write(last, offset, count, out);
            case BF16 -> blocks.write(Bfloat16Differences.values(first, last, offset, count), out);
          }
        });
  }

  /** Writes a slice that was read before, as {@link #write} would. */
  public static void write(WireState state, DataOutputStream out) throws IOException {
    WireFormat format =
        state.trainable() instanceof Bfloat16Differences ? WireFormat.BF16 : WireFormat.FLOAT32;
    writeHead(format, state.trainable().length(), state.means().length, out);
    state.trainable().writeTo(out);
    state.momentum().writeTo(out);
    new Float32Vector(state.means()).writeTo(out);
    new Float32Vector(state.variances()).writeTo(out);
  }

  private static void writeHead(
      WireFormat format, int trainable, int statistics, DataOutputStream out) throws IOException {
    out.writeUTF(format.name());
    out.writeInt(trainable);
    out.writeInt(statistics);
  }

  /** Reads one slice. */
  public static WireState read(DataInputStream in) throws IOException {
    WireFormat format = WireFormat.valueOf(in.readUTF());
    int trainable = in.readInt();
    int statistics = in.readInt();
    NumberBlocks blocks = new NumberBlocks();
    return new WireState(
        readVector(format, trainable, blocks, in),
        readVector(format, trainable, blocks, in),
        blocks.readFloats(statistics, in),
        blocks.readFloats(statistics, in));
  }

  private static WireVector readVector(
      WireFormat format, int length, NumberBlocks blocks, DataInputStream in) throws IOException {
    return switch (format) {
      case FLOAT32 -> new Float32Vector(blocks.readFloats(length, in));
      case BF16 -> new Bfloat16Differences(blocks.readShorts(length, in));
    };
  }
}

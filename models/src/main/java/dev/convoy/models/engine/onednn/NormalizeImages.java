package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;

/**
 * {@link Op.NormalizeImages} by a table of 256 values for each channel, into PLAIN or
 * CHANNELS_LAST.
 */
final class NormalizeImages implements HostKernel {
  private static final int VALUES = 256;

  private final HostArrays arrays = new HostArrays();
  private final float[][] tables;
  private final Shape shape;
  private final boolean planes;
  private final FloatSink sink;
  private final byte[] pixels;
  private final float[] results;

  NormalizeImages(Op.NormalizeImages op, TensorType y) {
    this.shape = y.shape();
    this.planes = y.layout() == Layout.PLAIN;
    int channels = shape.channels();
    this.tables = new float[channels][VALUES];
    for (int c = 0; c < channels; c++) {
      for (int value = 0; value < VALUES; value++) {
        tables[c][value] = value * op.scale().get(c) + op.shift().get(c);
      }
    }
    this.pixels = new byte[HostArrays.CHUNK * channels];
    this.results = new float[planes ? HostArrays.CHUNK : pixels.length];
    this.sink = new FloatSink(y.element(), results.length, arrays);
  }

  static Lowered lower(Op.NormalizeImages op, Lowering lowering) {
    TensorType x = lowering.input(0);
    TensorType y = lowering.output(0);
    int channels = y.shape().channels();
    if (op.scale().size() != channels || op.shift().size() != channels) {
      throw new IllegalArgumentException(
          "a scale and a shift for each of " + channels + " channels, please: " + lowering);
    }
    boolean same = x.layout() == Layout.CHANNELS_LAST || channels == 1;
    if (!same || (y.layout() != Layout.PLAIN && y.layout() != Layout.CHANNELS_LAST)) {
      throw new UnsupportedOperationException(
          "images go from CHANNELS_LAST to PLAIN or CHANNELS_LAST: " + lowering);
    }
    return Lowered.host(new NormalizeImages(op, y), 1, 1);
  }

  @Override
  public void run(long[] addresses, long seed) {
    int channels = shape.channels();
    int area = shape.height() * shape.width();
    for (long image = 0; image < shape.batch(); image++) {
      for (int begin = 0; begin < area; begin += HostArrays.CHUNK) {
        int count = Math.min(HostArrays.CHUNK, area - begin);
        long from = (image * area + begin) * channels;
        arrays.read(addresses[0] + from, pixels, count * channels);
        if (planes) {
          for (int c = 0; c < channels; c++) {
            lookUp(tables[c], c, channels, count);
            sink.write(results, count, addresses[1], (image * channels + c) * area + begin);
          }
        } else {
          lookUpAll(count);
          sink.write(results, count * channels, addresses[1], from);
        }
      }
    }
  }

  private void lookUp(float[] table, int channel, int channels, int count) {
    for (int i = 0, at = channel; i < count; i++, at += channels) {
      results[i] = table[pixels[at] & 0xff];
    }
  }

  private void lookUpAll(int count) {
    for (int i = 0, at = 0; i < count; i++) {
      for (float[] table : tables) {
        results[at] = table[pixels[at] & 0xff];
        at++;
      }
    }
  }
}

package dev.convoy.models.training;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.ArrayList;
import java.util.List;

/** The device memory that a replica gives its plans: parameters, gradient, momentum and batches. */
final class ReplicaMemory implements AutoCloseable {
  private final Backend backend;
  private final int outputs;
  private final DeviceMemory parameters;
  private final DeviceMemory gradient;
  private final DeviceMemory momentum;

  /** Of the micro-batches so far; as good as nothing where a batch is one part. */
  private final DeviceMemory gradientSum;

  private DeviceMemory images;
  private DeviceMemory labels;
  private DeviceMemory predictions;

  /**
   * @param length of the flat parameter vector
   * @param outputs of the network; all are trained towards the same labels
   * @param microBatches parts of a batch
   */
  ReplicaMemory(Backend backend, int length, int outputs, int microBatches) {
    this.backend = backend;
    this.outputs = outputs;
    long vector = (long) length * Float.BYTES;
    List<DeviceMemory> all =
        allocate(vector, vector, vector, microBatches > 1 ? vector : 1, 1, 1, 1);
    this.parameters = all.get(0);
    this.gradient = all.get(1);
    this.momentum = all.get(2);
    this.gradientSum = all.get(3);
    this.images = all.get(4);
    this.labels = all.get(5);
    this.predictions = all.get(6);
  }

  /** All of them or, if one cannot be had, none. */
  private List<DeviceMemory> allocate(long... sizes) {
    List<DeviceMemory> all = new ArrayList<>();
    try {
      for (long bytes : sizes) {
        all.add(backend.allocate(bytes));
      }
      return all;
    } catch (RuntimeException | Error e) {
      all.forEach(DeviceMemory::close);
      throw e;
    }
  }

  DeviceMemory parameters() {
    return parameters;
  }

  DeviceMemory gradient() {
    return gradient;
  }

  DeviceMemory momentum() {
    return momentum;
  }

  DeviceMemory gradientSum() {
    return gradientSum;
  }

  /**
   * Bytes that it comes to hold.
   *
   * @param imageValues numbers of the largest batch of images
   * @param labelValues numbers of the largest batch of labels
   * @param predictionValues numbers of the largest prediction
   */
  long bytes(long imageValues, long labelValues, long predictionValues) {
    return parameters.bytes()
        + gradient.bytes()
        + momentum.bytes()
        + gradientSum.bytes()
        + (imageValues + labelValues + predictionValues) * Float.BYTES;
  }

  /** Puts a batch in place whose gradient is wanted in {@link #gradient}. */
  Bindings training(float[] batch, float[] targets) {
    return training(batch, targets, gradient);
  }

  /**
   * Puts a batch in place.
   *
   * @param into where its gradient goes
   */
  Bindings training(float[] batch, float[] targets, DeviceMemory into) {
    images = filled(images, batch);
    labels = filled(labels, targets);
    Bindings bindings =
        new Bindings()
            .bind(Buffer.IMAGES, images.address())
            .bind(Buffer.PARAMETERS, parameters.address())
            .bind(Buffer.MOMENTUM, momentum.address())
            .bind(Buffer.GRADIENT, into.address());
    for (int output = 0; output < outputs; output++) {
      bindings.bind(Buffer.LABELS, output, labels.address());
    }
    return bindings;
  }

  /** Puts images in place whose statistics are wanted in {@link #gradient}. */
  Bindings statistics(float[] batch) {
    images = filled(images, batch);
    return new Bindings()
        .bind(Buffer.IMAGES, images.address())
        .bind(Buffer.PARAMETERS, parameters.address())
        .bind(Buffer.GRADIENT, gradient.address());
  }

  /** Puts images in place and makes room for so many numbers of the first output. */
  Bindings inference(float[] batch, int numbers) {
    images = filled(images, batch);
    predictions = atLeast(predictions, (long) numbers * Float.BYTES);
    return new Bindings()
        .bind(Buffer.IMAGES, images.address())
        .bind(Buffer.PARAMETERS, parameters.address())
        .bind(Buffer.PREDICTIONS, 0, predictions.address());
  }

  /** What lies in {@link #gradient} for one kind of parameters, in the layout's order. */
  float[] readGradient(ParameterLayout layout, ParameterKind kind) {
    List<ParameterSlot> slots =
        layout.slots().stream().filter(slot -> slot.kind() == kind).toList();
    float[] all = new float[slots.stream().mapToInt(ParameterSlot::length).sum()];
    int filled = 0;
    for (ParameterSlot slot : slots) {
      float[] piece = new float[slot.length()];
      gradient.read((long) slot.offset() * Float.BYTES, piece);
      System.arraycopy(piece, 0, all, filled, piece.length);
      filled += piece.length;
    }
    return all;
  }

  /** What the first output said in the last inference. */
  void readPredictions(float[] into) {
    predictions.read(0, into);
  }

  private DeviceMemory filled(DeviceMemory memory, float[] values) {
    DeviceMemory enough = atLeast(memory, (long) values.length * Float.BYTES);
    enough.write(0, values);
    return enough;
  }

  private DeviceMemory atLeast(DeviceMemory memory, long bytes) {
    if (memory.bytes() >= bytes) {
      return memory;
    }
    DeviceMemory larger = backend.allocate(bytes); // first: if it fails the old one is still there
    memory.close();
    return larger;
  }

  @Override
  public void close() {
    parameters.close();
    gradient.close();
    momentum.close();
    gradientSum.close();
    images.close();
    labels.close();
    predictions.close();
  }
}

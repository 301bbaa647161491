package dev.convoy.models.training;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.ir.External.Buffer;

/** The device memory that a replica gives its plans: parameters, gradient, momentum and batches. */
final class ReplicaMemory implements AutoCloseable {
  private final Backend backend;
  private final int outputs;
  private final DeviceMemory parameters;
  private final DeviceMemory gradient;
  private final DeviceMemory momentum;
  private DeviceMemory images;
  private DeviceMemory labels;
  private DeviceMemory predictions;

  /**
   * @param length of the flat parameter vector
   * @param outputs of the network; all are trained towards the same labels
   */
  ReplicaMemory(Backend backend, int length, int outputs) {
    this.backend = backend;
    this.outputs = outputs;
    this.parameters = backend.allocate((long) length * Float.BYTES);
    this.gradient = backend.allocate((long) length * Float.BYTES);
    this.momentum = backend.allocate((long) length * Float.BYTES);
    this.images = backend.allocate(1);
    this.labels = backend.allocate(1);
    this.predictions = backend.allocate(1);
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
        + (imageValues + labelValues + predictionValues) * Float.BYTES;
  }

  /** Puts a batch in place. */
  Bindings training(float[] batch, float[] targets) {
    images = filled(images, batch);
    labels = filled(labels, targets);
    Bindings bindings =
        new Bindings()
            .bind(Buffer.IMAGES, images.address())
            .bind(Buffer.PARAMETERS, parameters.address())
            .bind(Buffer.GRADIENT, gradient.address());
    for (int output = 0; output < outputs; output++) {
      bindings.bind(Buffer.LABELS, output, labels.address());
    }
    return bindings;
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
    memory.close();
    return backend.allocate(bytes);
  }

  @Override
  public void close() {
    parameters.close();
    gradient.close();
    momentum.close();
    images.close();
    labels.close();
    predictions.close();
  }
}

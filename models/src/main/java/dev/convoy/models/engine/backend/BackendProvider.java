package dev.convoy.models.engine.backend;

/**
 * Opens backends on the devices that a library serves. Found by {@link java.util.ServiceLoader}:
 * whoever brings a backend names the provider in {@code
 * META-INF/services/dev.convoy.models.engine.backend.BackendProvider}. Has a public constructor
 * without arguments and loads no native library before it is asked for something on a device.
 */
public interface BackendProvider {

  /** The library and what it serves, for people: "oneDNN for CPUs". */
  String name();

  /** Whether it has a backend for devices of this kind. Does not look whether the device exists. */
  boolean serves(Device device);

  /**
   * The model of the device, which the bits depend on: "NVIDIA A100-SXM4-40GB".
   *
   * @throws IllegalArgumentException if there is no such device
   */
  String model(Device device);

  /**
   * A backend on a device that it serves.
   *
   * @param threads of this process that one operation uses, 1 or more
   * @throws IllegalArgumentException if there is no such device, or it cannot have the threads
   */
  Backend open(Device device, int threads);
}

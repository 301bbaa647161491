package dev.convoy.models.engine.backend;

/** A block of a device's memory, freed by {@link #close}. */
public interface DeviceMemory extends AutoCloseable {
  long address();

  long bytes();

  /** Copies from the device, beginning at a byte, as many as the array holds. */
  void read(long offset, float[] into);

  /** Copies to the device, beginning at a byte. */
  void write(long offset, float[] from);

  @Override
  void close();
}

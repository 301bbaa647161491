package dev.convoy.models.engine.backend;

/** A block of a device's memory, freed by {@link #close}. */
public interface DeviceMemory extends AutoCloseable {
  long address();

  long bytes();

  @Override
  void close();
}

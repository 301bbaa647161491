package dev.convoy.models.engine.backend;

import java.io.Serializable;

/** Where programs are computed. */
public sealed interface Device extends Serializable {

  /** The processor of the machine. */
  static Device cpu() {
    return new Cpu();
  }

  /**
   * One GPU.
   *
   * @param address by which its driver knows it: an index or, better, a UUID
   */
  static Device gpu(String address) {
    return new Gpu(address);
  }

  /** What the device is, whichever of its kind: "cpu" or "gpu". */
  String kind();

  /** The processor of the machine, which all share. */
  record Cpu() implements Device {
    /** The kind of these devices. */
    public static final String KIND = "cpu";

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public String toString() {
      return "the CPU";
    }
  }

  /**
   * One GPU; what computes on it has it for itself.
   *
   * @param address by which its driver knows it
   */
  record Gpu(String address) implements Device {
    /** The kind of these devices. */
    public static final String KIND = "gpu";

    public Gpu {
      if (address.isBlank()) {
        throw new IllegalArgumentException(
            "a GPU's address is empty; it has to be an index or a UUID, as nvidia-smi -L lists");
      }
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public String toString() {
      return "GPU " + address;
    }
  }
}

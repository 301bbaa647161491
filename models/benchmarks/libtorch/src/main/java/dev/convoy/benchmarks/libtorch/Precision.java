package dev.convoy.benchmarks.libtorch;

/** The type of most arithmetic; weights are float32 in both. */
enum Precision {
  FLOAT32("float32"),
  /** Autocast: convolutions and dense layers in bfloat16, weights cast once a pass. */
  BF16("bf16");

  private final String label;

  Precision(String label) {
    this.label = label;
  }

  static Precision named(String label) {
    for (Precision precision : values()) {
      if (precision.label.equals(label)) {
        return precision;
      }
    }
    throw new IllegalArgumentException(
        "no precision is named '" + label + "'; there are float32 and bf16");
  }

  String label() {
    return label;
  }
}

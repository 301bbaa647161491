package dev.convoy.models.weights;

/** Where tensors come from, which says how they are named and laid out. */
public enum WeightFormat {
  /** torchvision's names and layouts. */
  SAFETENSORS("safetensors"),
  /** Keras' names and layouts, as TensorFlow.js' layers format. */
  KERAS_TFJS("Keras, TensorFlow.js layers"),
  /** Keras' names and layouts, in HDF5. */
  KERAS_HDF5("Keras, HDF5");

  private final String title;

  WeightFormat(String title) {
    this.title = title;
  }

  /** For people. */
  public String title() {
    return title;
  }
}

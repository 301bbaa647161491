package dev.convoy.models.export;

import dev.convoy.models.InvalidModelException;

/** The formats a network can be written in. */
public enum ExportFormat {
  /** Float32 tensors under torchvision's names, for {@code load_state_dict}. */
  SAFETENSORS,

  /** A graph of standard operators, for ONNX Runtime and others. */
  ONNX,

  /** DL4J's own zip, of DL4J's own layers only. */
  DL4J;

  /**
   * The network as a file of this format.
   *
   * @throws InvalidModelException naming everything that the format cannot express, or if the file
   *     would pass 2 GiB
   */
  public ExportedFile export(TrainedNetwork network) {
    return switch (this) {
      case SAFETENSORS -> ExportedFile.of(new StateDict(network));
      case ONNX -> ExportedFile.of(OnnxFile.of(network));
      case DL4J -> StockZip.export(network);
    };
  }
}

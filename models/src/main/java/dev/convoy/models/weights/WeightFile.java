package dev.convoy.models.weights;

import dev.convoy.models.InvalidModelException;
import dev.convoy.models.hdf5.Hdf5File;
import dev.convoy.models.safetensors.SafetensorsFile;
import dev.convoy.models.state.NamedTensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The tensors of a weight file, under its own names and in its own layouts.
 *
 * @param tensors by name; of Keras {@code layer/variable}
 * @param topology what a Keras file says of its layers, where it does
 * @param description what Convoy's own safetensors say of their network
 */
public record WeightFile(
    WeightFormat format,
    SortedMap<String, NamedTensor> tensors,
    Optional<KerasTopology> topology,
    Optional<NetworkDescription> description) {

  private static final int ZIP_NAME_LENGTH = 26;
  private static final int ZIP_NAME = 30;
  private static final int PICKLE_PROTOCOL = 0x80;

  public WeightFile {
    tensors = Collections.unmodifiableSortedMap(tensors);
  }

  /** One of Keras. */
  WeightFile(
      WeightFormat format,
      SortedMap<String, NamedTensor> tensors,
      Optional<KerasTopology> topology) {
    this(format, tensors, topology, Optional.empty());
  }

  /**
   * Reads a weight file; which format it has is seen by its first bytes.
   *
   * @param name of the file, for messages
   * @param folder that it lies in
   * @throws InvalidModelException saying what is wrong with it, or how to convert it
   * @throws IOException if a file beside it cannot be read
   */
  public static WeightFile read(String name, byte[] content, WeightFolder folder)
      throws IOException {
    // First: the header's length may begin with a pickle's first byte, a brace or a blank; what is
    // text or an archive would say a longer header.
    if (SafetensorsFile.isOne(content)) {
      return safetensors(content);
    }
    if (Hdf5File.hasSignature(content)) {
      return KerasHdf5.read(content);
    }
    if (beginsWith(content, 'P', 'K', 3, 4)) {
      throw zip(name, content);
    }
    if (beginsWith(content, PICKLE_PROTOCOL)) {
      throw pickle(name);
    }
    if (content.length > 0 && (content[0] == '{' || Character.isWhitespace(content[0]))) {
      return TfjsModel.read(content, folder);
    }
    return safetensors(content);
  }

  private static WeightFile safetensors(byte[] content) {
    SafetensorsFile file = SafetensorsFile.read(content);
    return new WeightFile(
        WeightFormat.SAFETENSORS,
        file.tensors(),
        Optional.empty(),
        NetworkDescription.of(file.metadata()));
  }

  private static boolean beginsWith(byte[] content, int... first) {
    for (int i = 0; i < first.length; i++) {
      if (i >= content.length || (content[i] & 0xff) != first[i]) {
        return false;
      }
    }
    return true;
  }

  /** PyTorch's zip files begin with the pickle. */
  private static InvalidModelException zip(String name, byte[] content) {
    int length =
        content.length < ZIP_NAME
            ? 0
            : (content[ZIP_NAME_LENGTH] & 0xff) | ((content[ZIP_NAME_LENGTH + 1] & 0xff) << 8);
    int end = Math.min(content.length, ZIP_NAME + length);
    String first =
        new String(
            content,
            Math.min(ZIP_NAME, end),
            Math.max(0, end - ZIP_NAME),
            StandardCharsets.ISO_8859_1);
    if (first.endsWith("data.pkl")) {
      return pickle(name);
    }
    return new InvalidModelException(
        name
            + " is a zip archive, which is no weight file here; of a .keras file Python makes one"
            + " with keras.saving.load_model(\""
            + name
            + "\").save(\"weights.h5\")");
  }

  private static InvalidModelException pickle(String name) {
    return new InvalidModelException(
        name
            + " is a pickle as torch.save writes it; a pickle is code, and is not run here. Three"
            + " lines of Python make safetensors of it:\n"
            + "  import torch, safetensors.torch\n"
            + "  state = torch.load(\""
            + name
            + "\", map_location=\"cpu\", weights_only=True)\n"
            + "  safetensors.torch.save_file({k: v.contiguous() for k, v in state.items()},"
            + " \"weights.safetensors\")");
  }
}

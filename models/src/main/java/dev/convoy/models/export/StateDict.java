package dev.convoy.models.export;

import dev.convoy.models.ModelRegistry;
import dev.convoy.models.safetensors.SafetensorsFile;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * PyTorch's {@code state_dict} as safetensors: every parameter and running statistic, auxiliary
 * classifiers included, all float32.
 *
 * <p>Batch norm's {@code num_batches_tracked} is left out: it is an integer that training here does
 * not have, PyTorch uses it only where momentum is None, and {@code load_state_dict} takes a
 * dictionary without it, strictly too.
 */
final class StateDict implements FileContent {
  private final TrainedNetwork network;
  private final SortedMap<String, ParameterSlot> slots = new TreeMap<>();
  private final byte[] header;

  StateDict(TrainedNetwork network) {
    this.network = network;
    ParameterLayout layout = layout(network);
    SortedMap<String, int[]> shapes = new TreeMap<>();
    for (ParameterSlot slot : layout.slots()) {
      slots.put(slot.name(), slot);
      shapes.put(slot.name(), slot.shape());
    }
    SortedMap<String, String> metadata = ModelDescription.of(network);
    metadata.put("format", "pt");
    header = SafetensorsFile.header(shapes, metadata);
  }

  /** The layout of a network's parameters, which have to have its length. */
  static ParameterLayout layout(TrainedNetwork network) {
    ParameterLayout layout = ModelRegistry.standard().layout(network.model());
    layout.checkLength(network.parameters());
    return layout;
  }

  @Override
  public long length() {
    return header.length + (long) network.parameters().length * Float.BYTES;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    out.write(header);
    for (ParameterSlot slot : slots.values()) {
      FloatBytes.write(out, network.parameters(), slot.offset(), slot.length());
    }
  }

  @Override
  public SortedMap<String, Object> details() {
    return new TreeMap<>(Map.of("tensors", slots.size()));
  }
}

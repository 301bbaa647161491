package dev.convoy.models.weights;

import dev.convoy.models.InvalidModelException;
import dev.convoy.models.hdf5.Hdf5File;
import dev.convoy.models.hdf5.Hdf5Node;
import dev.convoy.models.state.NamedTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keras' HDF5 files, of weights alone or of a whole model: a group for each layer that {@code
 * layer_names} lists, and in it the datasets that {@code weight_names} lists.
 */
final class KerasHdf5 {

  private static final String WEIGHTS_OF_MODEL = "model_weights";
  private static final String CONFIGURATION = "model_config";
  private static final String LAYERS = "layer_names";
  private static final String WEIGHTS = "weight_names";
  private static final String OUTPUT = ":0";

  private KerasHdf5() {}

  static WeightFile read(byte[] content) {
    return Hdf5File.read(content, KerasHdf5::read);
  }

  private static WeightFile read(Hdf5Node root) {
    boolean whole = root.children().contains(WEIGHTS_OF_MODEL);
    Hdf5Node layers = whole ? root.at(WEIGHTS_OF_MODEL) : root;
    SortedMap<String, NamedTensor> tensors = new TreeMap<>();
    for (String layer : listed(layers, LAYERS)) {
      Hdf5Node group = layers.at(layer);
      for (String weight : listed(group, WEIGHTS)) {
        String name = weight.endsWith(OUTPUT) ? weight.substring(0, weight.length() - 2) : weight;
        if (tensors.put(name, group.at(weight).tensor()) != null) {
          throw new InvalidModelException("the Keras file has the weight " + name + " twice");
        }
      }
    }
    return new WeightFile(WeightFormat.KERAS_HDF5, tensors, topology(root));
  }

  private static Optional<KerasTopology> topology(Hdf5Node root) {
    return root.texts(CONFIGURATION)
        .filter(texts -> texts.size() == 1)
        .map(texts -> KerasTopology.parse(texts.get(0)));
  }

  /** Keras cuts a list that is longer than an attribute may be into NAME0, NAME1 and so on. */
  private static List<String> listed(Hdf5Node node, String attribute) {
    Optional<List<String>> whole = node.texts(attribute);
    if (whole.isPresent()) {
      return whole.get();
    }
    List<String> all = new ArrayList<>();
    Set<String> attributes = node.attributes();
    for (int i = 0; attributes.contains(attribute + i); i++) {
      all.addAll(node.texts(attribute + i).orElseThrow());
    }
    if (all.isEmpty()) {
      throw new InvalidModelException(
          "the HDF5 file is not one of Keras' save_weights or save: it has no attribute "
              + attribute
              + " where it should");
    }
    return all;
  }
}

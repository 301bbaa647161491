package dev.convoy.models.weights;

import dev.convoy.models.InvalidModelException;
import dev.convoy.models.state.NamedTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tensors under other names than their file's. No two of a file may come to have the same. */
final class RenamedTensors {
  private final SortedMap<String, NamedTensor> tensors = new TreeMap<>();
  private final Map<String, String> from = new HashMap<>();
  private final List<String> twice = new ArrayList<>();

  void put(String inFile, String name, NamedTensor tensor) {
    String before = from.putIfAbsent(name, inFile);
    if (before == null) {
      tensors.put(name, tensor);
    } else {
      twice.add(before + " and " + inFile + " are both " + name);
    }
  }

  /**
   * All of them, to be changed.
   *
   * @throws InvalidModelException naming all that are there twice
   */
  SortedMap<String, NamedTensor> tensors() {
    if (!twice.isEmpty()) {
      throw InvalidModelException.of("The file has tensors twice", twice);
    }
    return tensors;
  }
}

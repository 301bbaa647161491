package dev.convoy.data.ingest;

import dev.convoy.data.dataset.Split;
import java.util.Map;

/**
 * Where in an id its class stands, and its official split if there are any.
 *
 * @param officialSplits top folder to split; empty if the top folders are the classes
 */
record TreeLayout(Map<String, Split> officialSplits) implements java.io.Serializable {
  TreeLayout {
    officialSplits = Map.copyOf(officialSplits);
  }

  boolean hasOfficialSplits() {
    return !officialSplits.isEmpty();
  }

  /** The word for it in the manifest. */
  String word() {
    return hasOfficialSplits() ? "splits" : "classes";
  }

  String className(String id) {
    String[] parts = id.split("/", 3);
    return hasOfficialSplits() ? parts[1] : parts[0];
  }

  /** The official split of an example, to be asked only where there are any. */
  Split officialSplit(String id) {
    return officialSplits.get(id.substring(0, id.indexOf('/')));
  }
}

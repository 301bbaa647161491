package dev.convoy.data.dataset;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * One labelled image.
 *
 * @param id unique in its dataset: the path below the ingested folder, with '/'
 * @param label index of its class in the manifest's list of classes
 * @param bytes the encoded image (JPEG or PNG); shared, not copied: nobody may change it
 */
public record Example(String id, int label, byte[] bytes) implements Serializable {
  public Example {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(bytes, "bytes");
    if (label < 0) {
      throw new IllegalArgumentException("label of " + id + " is " + label + "; it must be >= 0");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Example that
        && id.equals(that.id)
        && label == that.label
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "Example[" + id + ", label " + label + ", " + bytes.length + " bytes]";
  }
}

